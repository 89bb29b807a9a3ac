-- Real sign-in: docs/decisions/0010-sign-in.md. The tables of better-auth 1.7.6 stand in a schema of their own, written
-- out here instead of being made at run time. Its columns are in its own spelling.
--
-- What a stolen copy of these tables is worth: session tokens work only with a signature, whose key is a file beside the
-- database; passwords are scrypt; TOTP secrets and recovery codes are encrypted with that same key; the identifiers of
-- password resets are hashes; tokens of an identity provider are not kept.

create schema auth;

create table auth."user" (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  -- an account without an address has one under .invalid (RFC 2606), which nobody can own
  email text not null unique,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now(),
  "twoFactorEnabled" boolean default false
);

create table auth.session (
  id uuid primary key default gen_random_uuid(),
  "expiresAt" timestamptz not null,
  token text not null unique,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" uuid not null references auth."user" on delete cascade
);
create index session_by_user on auth.session ("userId");

-- A way to prove who one is: a password, or an identity at the identity provider.
create table auth.account (
  id uuid primary key default gen_random_uuid(),
  "accountId" text not null,
  "providerId" text not null,
  "userId" uuid not null references auth."user" on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null,
  unique ("providerId", "accountId"),
  check ("accessToken" is null and "refreshToken" is null and "idToken" is null)
);
create index account_by_user on auth.account ("userId");

create table auth.verification (
  id uuid primary key default gen_random_uuid(),
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index verification_by_identifier on auth.verification (identifier);

create table auth."twoFactor" (
  id uuid primary key default gen_random_uuid(),
  secret text not null,
  "backupCodes" text not null,
  "userId" uuid not null unique references auth."user" on delete cascade,
  verified boolean default true,
  "failedVerificationCount" integer default 0,
  "lockedUntil" timestamptz
);

-- A TOTP code works once (RFC 6238 section 5.2); better-auth would take it again for a minute and a half.
create table auth.used_code (
  user_id uuid not null references auth."user" on delete cascade,
  code_hash bytea not null,
  used_at timestamptz not null,
  primary key (user_id, code_hash)
);

-- One row for each way to guess: an account from an address, and an address. `attempts` counts before the password
-- is looked at, so that guesses side by side are counted too.
create table sign_in_attempt (
  key_hash bytea primary key,
  attempts integer not null,
  next_at timestamptz not null,
  forget_at timestamptz not null
);

alter table account
  drop constraint account_name_key,
  add column auth_user_id uuid unique references auth."user",
  add column email text unique check (email = lower(email)),
  add column language text not null default 'zh' check (language in ('zh', 'en')),
  -- an invitation can demand a second factor where the roles would not
  add column totp_required boolean not null default false,
  add column last_sign_in_at timestamptz,
  add column disabled_at timestamptz;
-- the account of whoever starts the server is found by its name
create unique index account_without_address on account (name) where email is null;

-- Sessions of the first version end: they have no signature.
drop table session;

alter table api_key
  add column scope text not null default 'all' check (scope in ('read', 'import', 'all')),
  add column expires_at timestamptz;

create table invitation (
  invitation_id integer generated always as identity primary key,
  email text not null check (email = lower(email)),
  name text not null,
  language text not null check (language in ('zh', 'en')),
  -- as insertGrants takes them: role, organizationId, systemId, campaignId, expiresAt
  grants jsonb not null,
  totp_required boolean not null,
  -- SHA-256 of the link's token; null until the mail is on its way, because the token is made for the mail
  token_hash bytea unique,
  invited_by integer not null references account,
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  sent_at timestamptz,
  -- the last answer of the mail server, when it was no
  mail_failure text,
  accepted_at timestamptz,
  account_id integer references account,
  withdrawn_at timestamptz,
  check ((accepted_at is null) = (account_id is null))
);
create unique index invitation_open on invitation (email) where accepted_at is null and withdrawn_at is null;

-- The role of sign-in: it sees who may sign in and nothing of any organization.
do $$ begin
  if not exists (select from pg_roles where rolname = 'backcheck_auth') then create role backcheck_auth nologin; end if;
  if not pg_has_role(current_user, 'backcheck_auth', 'SET') then
    execute format('grant backcheck_auth to %I', current_user);
  end if;
end $$;
grant usage on schema auth, public to backcheck_auth;
grant select, insert, update, delete on all tables in schema auth to backcheck_auth;
grant select, insert, update, delete on sign_in_link, sign_in_attempt to backcheck_auth;
grant select, insert, update on account, api_key, invitation to backcheck_auth;
grant select, insert on access_grant to backcheck_auth;

-- What the screen of people shows. Views read with their owner's rights: the application sees those accounts that hold
-- something where its grants reach, and no secret of theirs.
create view sees_everything as
  select exists (
    select from access_grant where access_grant_id = any (current_grants())
      and organization_id is null and system_id is null and campaign_id is null
  ) as yes;

-- `all_within`: every grant of the account is within reach. Whoever sees a part of somebody may not end the whole.
create view visible_account as
  select a.account_id, a.name, a.email, a.language, a.created_at, a.disabled_at, a.last_sign_in_at,
    coalesce(u."twoFactorEnabled", false) as two_factor, g.grants, g.all_within
  from account a
  left join auth."user" u on u.id = a.auth_user_id
  cross join lateral (
    select coalesce(bool_and(within), true) as all_within, coalesce(bool_or(within), false) as some_within,
      coalesce(jsonb_agg(jsonb_build_object('id', id, 'role', role, 'organizationId', organization_id,
        'organizationName', name, 'systemId', system_id, 'campaignId', campaign_id, 'expiresAt', expires_at)
        order by id::integer) filter (where within), '[]') as grants
    from (
      select g.access_grant_id::text as id, g.role, g.organization_id::text, o.name, g.system_id::text, g.campaign_id::text,
        g.expires_at,
        (select yes from sees_everything)
          or coalesce(g.organization_id in (select organization_id from visible_organization), false) as within
      from access_grant g left join organization o using (organization_id)
      where g.account_id = a.account_id and g.revoked_at is null
    ) own
  ) g
  where (select yes from sees_everything) or g.some_within;

create view visible_invitation as
  select i.* from invitation i
  where i.accepted_at is null and i.withdrawn_at is null and ((select yes from sees_everything) or (
    jsonb_array_length(i.grants) > 0 and not exists (
      select from jsonb_array_elements(i.grants) g
      where (g ->> 'organizationId') is null
        or (g ->> 'organizationId')::integer not in (select organization_id from visible_organization)
    )));
grant select on visible_account, visible_invitation to backcheck_app;

-- Mail is sent by a job that is queued with what it tells of. No payload holds a token: whoever reads the queue in a
-- backup could follow the link.
create function queue_mail(task text, payload json) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if task not in ('mail-invitation', 'mail-password-reset') then raise exception 'no mail: %', task; end if;
  -- twelve attempts take sixteen hours
  perform graphile_worker.add_job(task, payload, max_attempts => 12);
end $$;
revoke execute on function queue_mail from public;
grant execute on function queue_mail to backcheck_auth;
