-- Certificates that left the house, by the SHA-256 of their text: what a paper's QR code asks for. A certificate that a
-- new key signs again has another text, and so another row.
create table certificate_hash (
  sha256 bytea primary key check (length(sha256) = 32),
  organization_id integer not null,
  certificate_id bigint not null,
  foreign key (organization_id, certificate_id) references certificate
);
create index certificate_hash_of on certificate_hash (organization_id, certificate_id);

grant select, insert on certificate_hash to backcheck_app;
alter table certificate_hash enable row level security;
-- whoever sees the certificate, by its organization or by its asset, may have its text
create policy visible on certificate_hash to backcheck_app using (
  exists (select from certificate c where c.organization_id = certificate_hash.organization_id and c.certificate_id = certificate_hash.certificate_id));
create policy everything on certificate_hash to backcheck_wide using (true) with check (true);

-- the list of superseded certificates is asked for by time
create index supersession_by_time on supersession (recorded_at);
