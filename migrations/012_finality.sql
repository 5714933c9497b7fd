-- +goose Up
-- How settled a block and its events are: accepted_on_l1, or accepted_on_l2 while they may still leave the chain. It follows from the
-- newest block that the log knows to be accepted on L1, which the chain reader's state has, so no row is rewritten as blocks settle.

create or replace view chain_blocks as
select case when b.number <= (select (r.state->'final'->>'number')::bigint from readers r where r.reader = 'chain')
            then 'accepted_on_l1' else 'accepted_on_l2' end as finality,
       b.*
from blocks b;

create or replace view chain_events as
select case when e.block_number <= (select (r.state->'final'->>'number')::bigint from readers r where r.reader = 'chain')
            then 'accepted_on_l1' else 'accepted_on_l2' end as finality,
       e.*
from blockchain_events e;
