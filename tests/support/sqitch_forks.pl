#!/usr/bin/perl
# Run real Sqitch many times without loading it each time: every line on stdin is a JSON object
# {"folder", "words", "env"}; Sqitch runs in a fork, and the answer is {"code", "out", "err"}.
use v5.20;
use warnings;
use utf8;

BEGIN {
    $ENV{LC_ALL} = 'C.UTF-8';
    $ENV{LANGUAGE} = 'C';
}

use App::Sqitch;
use App::Sqitch::Command;
use App::Sqitch::Config;
use App::Sqitch::DateTime;
use App::Sqitch::Engine::pg;
use App::Sqitch::ItemFormatter;
use App::Sqitch::Plan;
use App::Sqitch::Target;
use DBD::Pg;
use File::Temp qw(tempfile);
use JSON::PP;
use POSIX ();
use Template::Tiny;
BEGIN {
    eval "require App::Sqitch::Command::$_" or die $@
        for qw(add bundle check checkout config deploy engine init log plan rebase revert rework
               show status tag target upgrade verify);
}

my $json = JSON::PP->new->utf8->canonical;
$| = 1;

while (my $line = <STDIN>) {
    my $asked = $json->decode($line);
    my ($out_handle, $out_name) = tempfile(UNLINK => 0);
    my ($err_handle, $err_name) = tempfile(UNLINK => 0);
    my $pid = fork() // die "fork: $!";
    run($asked, $out_handle, $err_handle) unless $pid;
    waitpid $pid, 0;
    my %answer = (code => $? & 127 ? -($? & 127) : $? >> 8);
    for (['out', $out_name], ['err', $err_name]) {
        my ($key, $name) = @$_;
        open my $read, '<:raw', $name or die $!;
        local $/;
        $answer{$key} = Encode::decode('UTF-8', scalar(<$read>) // '');
        unlink $name;
    }
    print $json->encode(\%answer), "\n";
}

sub run {
    my ($asked, $out, $err) = @_;
    open STDIN,  '<', '/dev/null';
    open STDOUT, '>&', $out;
    open STDERR, '>&', $err;
    # Loaded without a terminal, Sqitch noted in a variable that it has no colours.
    my %own = map { $_ => $ENV{$_} // '' } qw(LANGUAGE ANSI_COLORS_DISABLED);
    %ENV = (%{ $asked->{env} }, %own);
    chdir $asked->{folder} or die $!;
    binmode $_, ':utf8' for *STDOUT, *STDERR;    # what perl -CAS does for the program
    @ARGV = @{ $asked->{words} };
    my $code = App::Sqitch->go;
    STDOUT->flush;
    STDERR->flush;
    POSIX::_exit($code);
}
