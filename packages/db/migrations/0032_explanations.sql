-- What a tool says of a check in its own words, stored once. "" where it says nothing.
create table explanation (
  explanation_id integer generated always as identity primary key,
  sha256 bytea not null unique,
  description text not null,
  harm text not null,
  advice text not null
);

-- Which file said so: the words of one organization's file stand at the findings of that organization alone.
create table scan_explanation (
  organization_id integer not null,
  scan_id bigint not null,
  check_id integer not null references check_definition,
  explanation_id integer not null references explanation,
  primary key (organization_id, check_id, scan_id),
  foreign key (organization_id, scan_id) references scan
);
select protect('scan_explanation', 'member');
grant select, insert on explanation, scan_explanation to backcheck_app, backcheck_wide;
