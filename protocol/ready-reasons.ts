/**
 * The ready reasons why the desk asks for another photo, one tap each. They travel as a sentence, which every program can show;
 * a page that knows the sentence shows it in its own language.
 */
import type { Lang } from './primitives.ts';

export const readyReasons = {
  blurred: { es: 'Borrosa', en: 'Blurred' },
  cut: { es: 'Cortada', en: 'Cut off' },
  glare: { es: 'Con reflejos', en: 'Glare' },
};

/** A reason that somebody wrote by hand stays as it is. */
export function reasonIn(lang: Lang, reason: string): string {
  return Object.values(readyReasons).find(({ es, en }) => reason === es || reason === en)?.[lang] ?? reason;
}
