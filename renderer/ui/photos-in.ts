import type { PersonFound } from '../../protocol/people.ts';

/** How many photos of a person there are, whatever was said of them. */
export function photosIn({ photos: { received, accepted, rejected, quarantined } }: PersonFound): number {
  return received + accepted + rejected + quarantined;
}
