/** S0's messages both ways, as they are read, written and described. */
import * as z from 'zod/mini';
import { errorBody } from '../../../../protocol/envelope.ts';
import { idPersona } from '../../../../protocol/primitives.ts';

/** A larger one has already lost digits: the photo would be filed under somebody else. */
const personNumber = z.number().check(z.minimum(Number.MIN_SAFE_INTEGER), z.maximum(Number.MAX_SAFE_INTEGER));

/** What a client says. */
export const hears = {
  photo: z.object({
    idPersona: z.union([idPersona, personNumber]),
    /** Base64, with or without the prefix of a data URI. So long a text is not read by this shape but where it lies. */
    image: z.string().check(z.minLength(4)),
  }),
} as const;

/** What the server says: frames of others as they came, photos of phones and programs, and what was wrong. */
export const says = { photo: hears.photo, error: errorBody } as const;
