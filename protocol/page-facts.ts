/** What every page may know before anyone has signed in: it stands in the page itself, in `<meta name="mostrador">`. */
import * as z from 'zod/mini';
import { lang } from './primitives.ts';

export const pageFacts = z.object({
  /** The desk's name, as a visitor reads it. */
  desk: z.string(),
  /** The desk's language; the phone follows its own. */
  lang,
  version: z.string(),
  max_photo_mb: z.int(),
  /** The most characters of one message. */
  chat_chars: z.int(),
  retention_days: z.int(),
  /** What a visitor is asked to agree to; `text` is `null` for the page's own sentences. */
  consent: z.object({ version: z.string(), text: z.nullable(z.string()) }),
});
export type PageFacts = z.infer<typeof pageFacts>;
