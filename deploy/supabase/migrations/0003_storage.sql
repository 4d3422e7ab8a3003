-- Archives: one private bucket. Nobody uploads with their own rights; every upload goes by a URL
-- the API signed for exactly one key.
insert into storage.buckets (id, name, public) values ('user-projects', 'user-projects', false)
  on conflict (id) do nothing;

create policy archives_read_own on storage.objects for select to authenticated
  using (bucket_id = 'user-projects' and (string_to_array(name, '/'))[1] = (select auth.uid())::text);
