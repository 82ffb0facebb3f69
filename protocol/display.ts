/** What the visitor's screen shows of a session: nothing that says who somebody is. */
import * as z from 'zod/mini';
import { photo } from './photo.ts';
import { session } from './session.ts';

export const display = z.object({
  /** Its idPersona and its label are `null`. `null` as a whole: nobody is being served. */
  session: z.nullable(session),
  /** Newest first. */
  photos: z.array(z.pick(photo, { id: true, status: true })),
});
