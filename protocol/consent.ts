/** What a visitor agrees to before the first photo. (CONTRACT 4 "Shapes".) */
import * as z from 'zod/mini';
import { line, timestamp } from './primitives.ts';

/** Of the words that a visitor agrees to: at most 40 characters. */
export const consentVersion = line.check(z.maxLength(40));
/** Which words a visitor agreed to, and when. */
export const consent = z.object({ version: z.string(), at: timestamp });
