/**
 * What the desk says by one tap: why it asks for another photo, and which photos it asks for while nobody has named others. It travels
 * as the sentence, which every program can show; a page that knows the sentence shows it in its own language.
 */
import type { Lang } from './primitives.ts';

export const readyReasons = {
  blurred: { es: 'Borrosa', en: 'Blurred' },
  cut: { es: 'Cortada', en: 'Cut off' },
  glare: { es: 'Con reflejos', en: 'Glare' },
};

export const readyShots = {
  front: { es: 'DNI anverso', en: 'ID card, front' },
  back: { es: 'DNI reverso', en: 'ID card, back' },
  face: { es: 'Rostro', en: 'Face' },
  photoPage: { es: 'Página con la foto', en: 'Page with the photo' },
  document: { es: 'Documento completo', en: 'Whole document' },
  signature: { es: 'Firma', en: 'Signature' },
};

const ready = [...Object.values(readyReasons), ...Object.values(readyShots)];

/** Words that somebody wrote by hand stay as they are. */
export function readyIn(lang: Lang, said: string): string {
  return ready.find(({ es, en }) => said === es || said === en)?.[lang] ?? said;
}
