-- A list says apart how many of its answers were cancelled. They are few, and are counted without going through the rest.
create index activities_cancelled on activities (week) where state = 'cancelled' and published is not null;
