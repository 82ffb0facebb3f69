/** What the desk offers until somebody writes their own, in the desk's language. */
import type { Lang } from '../../protocol/primitives.ts';
import type { ShotList } from './kinds.ts';

interface Wording {
  shotLists: ShotList[];
  quickReplies: string[];
}

export const wording: Readonly<Record<Lang, Wording>> = {
  es: {
    shotLists: [
      { name: 'DNI', shots: ['DNI anverso', 'DNI reverso', 'Rostro'] },
      { name: 'Pasaporte', shots: ['Página con la foto', 'Rostro'] },
      { name: 'Documento firmado', shots: ['Documento completo', 'Firma'] },
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
      { name: 'ID card', shots: ['ID card, front', 'ID card, back', 'Face'] },
      { name: 'Passport', shots: ['Page with the photo', 'Face'] },
      { name: 'Signed document', shots: ['Whole document', 'Signature'] },
    ],
    quickReplies: [
      'One moment, please.',
      'We have your photos, thank you.',
      'Could you take the photo again with more light?',
      'You can come back to the desk.',
    ],
  },
};
