-- A list says apart how many of its answers were cancelled. They are few, and are counted without going through the rest.
create index activities_cancelled on activities (week) where state = 'cancelled' and published is not null;

-- Whatever is removed looks for those that point to it; without these it goes through the whole table for each row.
create index activities_repeats on activities (repeats) where repeats is not null;
create index activities_import on activities (import) where import is not null;
create index rsvps_occurrence on rsvps (occurrence) where occurrence is not null;
