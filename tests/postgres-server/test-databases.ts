import pg from 'pg'
import { inject } from 'vitest'
import type { TestServer } from './global-setup.ts'

/** The servers of this run. @throws {Error} when none could be started: nothing is skipped. */
export function testServers(): readonly TestServer[] {
  const { servers, why } = inject('postgres')
  if (servers.length === 0) throw new Error(`These tests need a PostgreSQL server. ${why}`)
  return servers
}

/** The one to use where one will do. */
export function anyTestServer(): TestServer {
  const [first] = testServers()
  if (!first) throw new Error('There is no PostgreSQL server.')
  return first
}

let databases = 0

/** Makes an empty database. @returns Its URL. */
export async function makeDatabase({ port }: TestServer): Promise<string> {
  databases += 1
  const name = `test_${process.pid}_${databases}`
  await runOn(urlOf(port, 'postgres'), `CREATE DATABASE ${name}`)
  return urlOf(port, name)
}

/**
 * Makes a database as it is after its first migration. The first call keeps what is in it then;
 * later ones bring that back, which is much faster than to migrate again.
 */
export async function emptyDatabase(url: string): Promise<void> {
  const client = await keptClient(url)
  // As a replica applies changes: no reference is looked after.
  await client.query(
    `DO $$
    DECLARE name text;
    BEGIN
      SET LOCAL session_replication_role = replica;
      IF to_regnamespace('seed') IS NULL THEN
        CREATE SCHEMA seed;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'countersign' LOOP
          EXECUTE format('CREATE TABLE seed.%1$I AS SELECT * FROM countersign.%1$I', name);
        END LOOP;
      END IF;
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'countersign' LOOP
        EXECUTE format('DELETE FROM countersign.%I', name);
      END LOOP;
      FOR name IN
        SELECT relname FROM pg_class
        WHERE relnamespace = 'seed'::regnamespace AND pg_relation_size(oid) > 0
      LOOP
        EXECUTE format('INSERT INTO countersign.%1$I SELECT * FROM seed.%1$I', name);
      END LOOP;
      ALTER SEQUENCE countersign.revocations_id_seq RESTART;
    END $$`,
  )
}

const keptClients = new Map<string, Promise<pg.Client>>()

// To connect takes longer than to empty. Gone with the process of the test file.
function keptClient(url: string): Promise<pg.Client> {
  const known = keptClients.get(url) ?? connect(url)
  keptClients.set(url, known)
  return known
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Runs a statement, as nobody's store would. */
export async function runOn(url: string, statement: string): Promise<pg.QueryResult> {
  const client = await connect(url)
  try {
    return await client.query(statement)
  } finally {
    await client.end()
  }
}

function urlOf(port: number, database: string): string {
  return `postgres://postgres@127.0.0.1:${port}/${database}`
}
