#!/usr/bin/perl
# Ask real Sqitch to change plan files: one JSON object per line on stdin, one per line on stdout.
# Asked: {"file", "op": rewrite|add|rework|tag|excerpt, and what the operation needs}.
# Answered: {"error": "message"} or {"text": the new plan, "label": of the new entry}.
use v5.20;
use warnings;
use utf8;

BEGIN {
    $ENV{LC_ALL} = $ENV{LANGUAGE} = 'C';
    $ENV{TZ} = 'UTC';
    $ENV{"SQITCH_${_}CONFIG"} = '/dev/null' for '', 'USER_', 'SYSTEM_';
    $ENV{SQITCH_FULLNAME} = 'Ada Lovelace';
    $ENV{SQITCH_EMAIL}    = 'ada@example.org';
}

use App::Sqitch;
use App::Sqitch::Config;
use App::Sqitch::DateTime;
use App::Sqitch::Plan;
use App::Sqitch::Target;
use Encode qw(decode);
use JSON::PP;
use Path::Class qw(file);

my $json   = JSON::PP->new->utf8->canonical->allow_nonref;
my $sqitch = App::Sqitch->new(config => App::Sqitch::Config->new);
my $target = App::Sqitch::Target->new(sqitch => $sqitch, name => 'db:pg:', uri => URI->new('db:pg:'));

{
    no warnings 'redefine';
    *App::Sqitch::vent = sub { };
    no warnings "once";
    *App::Sqitch::DateTime::now = sub {
        App::Sqitch::DateTime->new(
            year => 2026, month => 5, day => 6, hour => 7, minute => 8, second => 9, time_zone => 'UTC'
        );
    };
}
local $SIG{__WARN__} = sub { die "endless recursion\n" if $_[0] =~ /^Deep recursion/ };
$| = 1;

while (my $line = <STDIN>) {
    my $asked = $json->decode($line);
    my $answer = eval { answer($asked) };
    $answer = { error => message_of($@) } unless $answer;
    print $json->encode($answer), "\n";
}

sub message_of {
    my $error = shift;
    return $error->message if ref $error && $error->can('message');
    return "$error";
}

sub answer {
    my $asked = shift;
    my $file = file($asked->{file});
    my $plan = App::Sqitch::Plan->new(sqitch => $sqitch, target => $target, file => $file);
    my $op = $asked->{op};
    my ($label, @span) = ('');
    my %new = map { $_ => $asked->{$_} } qw(name note);
    if ($op eq 'add' || $op eq 'rework') {
        my $change = $plan->$op(%new, requires => $asked->{requires}, conflicts => $asked->{conflicts});
        $label = $change->format_op_name_dependencies;
    } elsif ($op eq 'tag') {
        my $tag = $plan->tag(%new, change => $asked->{change});
        $label = $tag->change->format_name . ' ' . $tag->format_name;
    } elsif ($op eq 'excerpt') {
        @span = @$asked{qw(from to)};
    } else {
        $plan->count;
    }
    my $out = file("$asked->{file}.written");
    $plan->write_to($out, @span);
    my $text = $out->slurp(iomode => '<:raw');
    return { text => decode('UTF-8', $text), label => $label };
}
