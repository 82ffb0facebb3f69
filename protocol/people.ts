/** Persons, as far as the desk knows them: by their photos and sessions. */
import * as z from 'zod/mini';
import { idPersona, timestamp } from './primitives.ts';

const count = z.int().check(z.minimum(0));

const person = z.object({
  idPersona,
  /** How many there are of each status. */
  photos: z.object({ received: count, accepted: count, rejected: count, quarantined: count }),
  /** When the newest photo came, or a session began or ended. */
  last_activity: timestamp,
  /** Whether a session is open. */
  live: z.boolean(),
});
export type PersonFound = z.infer<typeof person>;

/** `next` goes into `before` for the following page; `null` on the last one. */
export const peoplePage = z.object({ people: z.array(person), next: z.nullable(z.string()) });

export const personDeleted = z.object({
  /** What the activity log calls the person from now on: a keyed hash, the same for the same idPersona. */
  ref: z.string(),
  photos: count,
  sessions: count,
  /** `false`: something (the chat's database, the disk) is away; nobody sees anything any more, and the rest follows by itself. */
  complete: z.boolean(),
});
export type PersonDeleted = z.infer<typeof personDeleted>;
