-- Every host renews its leases every few seconds, and every end releases one: never by reading all
-- projects.
create index projects_leased on public.projects (lease_session) where lease_session is not null;
