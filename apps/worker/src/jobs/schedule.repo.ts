import type { Pool } from '#data';
import type { ScheduledJob } from './schedules.js';

/** Writes what happens by the clock where the page can read it. What is no longer scheduled is gone. */
export async function keepSchedules(
  pool: Pool,
  jobs: readonly ScheduledJob[],
  venues: readonly string[],
): Promise<void> {
  const rows = jobs.flatMap(({ queue, name, everyMs, perVenue }) =>
    (perVenue ? venues : [null]).map((venue) => ({
      id: venue === null ? name : `${name}-${venue}`,
      queue,
      name,
      venue,
      every_ms: everyMs,
    })),
  );
  const text = JSON.stringify(rows);
  await pool.query(
    `INSERT INTO job_schedule SELECT id, queue, name, venue, every_ms FROM json_populate_recordset(NULL::job_schedule, $1)
     ON CONFLICT (id) DO UPDATE SET queue = excluded.queue, name = excluded.name, venue = excluded.venue, every_ms = excluded.every_ms`,
    [text],
  );
  await pool.query('DELETE FROM job_schedule WHERE NOT (id = ANY($1))', [rows.map(({ id }) => id)]);
}
