#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# A typical agent written with Debian's library
# (libsnmp-extension-passpersist-perl).

use strict;
use warnings;
use SNMP::Extension::PassPersist;

my $base = ".1.3.6.1.4.1.8072.9999.9999";

my $agent = SNMP::Extension::PassPersist->new(
    backend_collect => sub {
        my ($self) = @_;
        $self->add_oid_entry("$base.1.0", "integer",   42);
        $self->add_oid_entry("$base.2.1", "string",    "the answer");
        $self->add_oid_entry("$base.2.2", "ipaddress", "127.0.0.1");
        $self->add_oid_entry("$base.2.3", "octetstr",  "an old name");
        $self->add_oid_entry("$base.2.4", "ipaddr",    "127.0.0.1");
        $self->add_oid_entry("$base.10.0", "counter64", "5000000000");
    },
);
$agent->run;
