-- Somebody is worried about somebody in it: hidden, and kept as it is until a person has closed the concern.
alter table activities add held timestamptz;
alter table activities add constraint activities_held check (held is null or state = 'withdrawn');
alter table stories add held timestamptz;
alter table stories add constraint stories_held check (held is null or state = 'hidden');

-- Which concerns came from one place, as a keyed hash: many are told to two people, and can be looked at together. Forgotten after thirty days.
alter table concerns add source text;
create index concerns_source on concerns (source, created) where source is not null;
create index concerns_created on concerns (created);
