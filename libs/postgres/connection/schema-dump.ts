import type { Queryable } from './database.js';

/** Writes the schema as text, from the server's own definitions and in a fixed order, so that a
 * review sees what a migration really changed and a test can compare. `pg_dump` would do it too,
 * but no npm package carries it beside the server. Partitions are left out: which of them exist
 * depends on the day. */
export const dumpSchema = async (db: Queryable): Promise<string> => {
  const text = async (sql: string): Promise<string[]> =>
    (await db.query<{ text: string }>(sql)).rows.map((row) => row.text);
  const parts = [
    await text(sequences),
    await text(functions),
    await text(tables),
    await text(constraints),
    await text(indexes),
    await text(triggers),
  ];
  return `-- Written by \`npm run schema\` from the migrations; compared by a test. Do not edit.\n\n${parts.flat().join('\n\n')}\n`;
};

const ours = `n.nspname = 'public' and not c.relispartition and c.relname not in ('migrations', 'migrations_id_seq', 'typeorm_metadata')`;

const sequences = `
  select format('create sequence %I;', c.relname) as text
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'S' and ${ours} order by c.relname`;

const functions = `
  select pg_get_functiondef(p.oid) || ';' as text
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = 'public' and p.prokind in ('f', 'p')
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by p.proname, p.oid::regprocedure::text`;

const tables = `
  select format(E'create %stable %I (\\n%s\\n)%s;', case when c.relpersistence = 'u' then 'unlogged ' else '' end, c.relname,
    string_agg(
      format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod))
        || case when a.attgenerated = 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
                when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end
        || case when a.attnotnull then ' not null' else '' end,
      E',\\n' order by a.attnum),
    case when c.relkind = 'p' then ' partition by ' || pg_get_partkeydef(c.oid) else '' end
      || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '')) as text
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind in ('r', 'p') and ${ours}
  group by c.oid, c.relname, c.relkind, c.relpersistence, c.reloptions order by c.relname`;

const constraints = `
  select format('alter table %I add constraint %I %s;', c.relname, k.conname, pg_get_constraintdef(k.oid)) as text
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid
  join pg_namespace n on n.oid = c.relnamespace
  where k.contype in ('p', 'u', 'f', 'c') and ${ours} order by c.relname, k.contype desc, k.conname`;

const indexes = `
  select pg_get_indexdef(i.indexrelid) || ';' as text
  from pg_index i
  join pg_class c on c.oid = i.indrelid
  join pg_class x on x.oid = i.indexrelid
  join pg_namespace n on n.oid = c.relnamespace
  where ${ours} and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
  order by c.relname, x.relname`;

const triggers = `
  select pg_get_triggerdef(t.oid) || ';' as text
  from pg_trigger t
  join pg_class c on c.oid = t.tgrelid
  join pg_namespace n on n.oid = c.relnamespace
  where not t.tgisinternal and ${ours} order by c.relname, t.tgname`;
