import { readyIn } from '../../protocol/ready-words.ts';
import type { Words } from './words.ts';

/** What a photo is called on this page; `null`: it was not asked for by name. */
export function shotName(shot: string | null, words: Words): string {
  return shot === null ? words.photo : readyIn(words.locale, shot);
}
