/** What the desk offers until somebody writes their own, in the desk's language. */
import type { Lang } from '../../protocol/primitives.ts';
import { readyShots } from '../../protocol/ready-words.ts';
import type { ShotList } from './kinds.ts';

interface Wording {
  shotLists: ShotList[];
  quickReplies: string[];
}

export const wording: Readonly<Record<Lang, Wording>> = {
  es: {
    shotLists: [
      { name: 'DNI', shots: [readyShots.front.es, readyShots.back.es, readyShots.face.es] },
      { name: 'Pasaporte', shots: [readyShots.photoPage.es, readyShots.face.es] },
      { name: 'Documento firmado', shots: [readyShots.document.es, readyShots.signature.es] },
    ],
    quickReplies: [
      'Un momento, por favor.',
      'Ya hemos recibido sus fotos, gracias.',
      '¿Podría repetir la foto con más luz?',
      'Puede volver al mostrador.',
    ],
  },
  en: {
    shotLists: [
      { name: 'ID card', shots: [readyShots.front.en, readyShots.back.en, readyShots.face.en] },
      { name: 'Passport', shots: [readyShots.photoPage.en, readyShots.face.en] },
      { name: 'Signed document', shots: [readyShots.document.en, readyShots.signature.en] },
    ],
    quickReplies: [
      'One moment, please.',
      'We have your photos, thank you.',
      'Could you take the photo again with more light?',
      'You can come back to the desk.',
    ],
  },
};
