-- Clients of DefectDojo speak of product types, products, engagements and tests, by name or number.
-- A product is an organization; the rest are names that keep a client's uploads apart.

create table defectdojo_product_type (
  product_type_id integer generated always as identity primary key,
  name text not null unique
);

create table defectdojo_engagement (
  organization_id integer not null references organization,
  engagement_id integer generated always as identity unique,
  product_type_id integer not null references defectdojo_product_type,
  name text not null,
  primary key (organization_id, engagement_id),
  unique (organization_id, name)
);

create table defectdojo_test (
  organization_id integer not null,
  test_id integer generated always as identity unique,
  engagement_id integer not null,
  scan_type text not null,
  title text not null,
  primary key (organization_id, test_id),
  foreign key (organization_id, engagement_id) references defectdojo_engagement
);
-- "the last test with that title and scan type, else the last of that scan type"
create index defectdojo_test_by_engagement on defectdojo_test (engagement_id, scan_type, test_id desc);

-- Which imports a test consists of.
create table defectdojo_upload (
  organization_id integer not null,
  test_id integer not null,
  import_id bigint not null,
  primary key (organization_id, test_id, import_id),
  foreign key (organization_id, test_id) references defectdojo_test,
  foreign key (organization_id, import_id) references import
);

grant select, insert on defectdojo_product_type, defectdojo_engagement, defectdojo_test, defectdojo_upload to backcheck_app;
