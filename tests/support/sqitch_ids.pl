#!/usr/bin/perl
# Ask real Sqitch what it makes of plan files: one file name per line on stdin, one JSON object per
# line on stdout, in the same order. Either {"error": "message"} or {"changes": [...]}.
# With arguments, each of them is a look-up (name@tag, HEAD^ ...), whose answers come as "finds".
use v5.20;
use warnings;
use utf8;

BEGIN {
    $ENV{LC_ALL} = $ENV{LANGUAGE} = 'C';
    $ENV{TZ} = 'UTC';
    $ENV{"SQITCH_${_}CONFIG"} = '/dev/null' for '', 'USER_', 'SYSTEM_';
}

use App::Sqitch;
use App::Sqitch::Config;
use App::Sqitch::Plan;
use App::Sqitch::Target;
use Encode qw(decode);
use JSON::PP;
use Path::Class qw(file);

my $json   = JSON::PP->new->ascii->canonical->allow_nonref;
my $sqitch = App::Sqitch->new(config => App::Sqitch::Config->new);
my $target = App::Sqitch::Target->new(sqitch => $sqitch, name => 'db:pg:', uri => URI->new('db:pg:'));
my @specs  = map { decode('UTF-8', $_) } @ARGV;

{
    # What Sqitch prints beside its errors is no answer.
    no warnings 'redefine';
    *App::Sqitch::vent = sub { };
}

# A dependency on a bare ID never ends; stop it where Perl first wonders.
local $SIG{__WARN__} = sub { die "endless recursion\n" if $_[0] =~ /^Deep recursion/ };
$| = 1;

while (my $name = <STDIN>) {
    chomp $name;
    my $answer = eval { read_plan($name) };
    $answer = { error => message_of($@) } unless $answer;
    say $json->encode($answer);
}

sub message_of {
    my $error = shift;
    return $error->message if ref $error && $error->can('message');
    return "$error";
}

sub read_plan {
    my $plan = App::Sqitch::Plan->new(sqitch => $sqitch, target => $target, file => file(shift));
    my @changes = map { change_of($_) } $plan->changes;
    my %finds   = map { $_ => find($plan, $_) } @specs;
    return {
        project => $plan->project,
        uri     => defined $plan->uri ? $plan->uri->canonical->as_string : undef,
        stored_uri => defined $plan->uri ? $plan->uri->as_string : undef,
        changes => \@changes,
        (@specs ? (finds => \%finds) : ()),
    };
}

sub change_of {
    my $change = shift;
    return {
        id          => $change->id,
        name        => $change->name,
        info        => $change->info,
        note        => $change->note,
        operator    => $change->operator,
        date        => $change->timestamp->as_string,
        planner     => $change->format_planner,
        requires    => [ map { $_->as_string } $change->requires ],
        conflicts   => [ map { $_->as_string } $change->conflicts ],
        rework_tags => [ map { $_->format_name } $change->rework_tags ],
        tags        => [ map { { id => $_->id, name => $_->name, info => $_->info, note => $_->note } } $change->tags ],
    };
}

# index: what a person means (an ambiguous name is an error); first: what a dependency means.
sub find {
    my ($plan, $spec) = @_;
    my %answer;
    for (['index', sub { $plan->index_of(shift) }], ['first', sub { my $c = $plan->find(shift); $c && $c->id }]) {
        my ($key, $code) = @$_;
        my $copy = $spec;
        $answer{$key} = eval { $code->($copy) };
        $answer{"${key}_error"} = message_of($@) if $@;
    }
    return \%answer;
}
