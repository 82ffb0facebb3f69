import { createInstance } from 'i18next';
import { expect, test } from 'vitest';
import type { Activity, ActivityKind } from '../../protocol/activity.ts';
import { en } from '../ui/texts/en.ts';
import { es } from '../ui/texts/es.ts';
import { sentenceWriter } from './activity-sentence.ts';

test('[DESK333] what is told with a number has its singular and its plural, in both languages', async () => {
  const i18n = createInstance();
  await i18n.init({ lng: 'es', resources: { es: { translation: es }, en: { translation: en } } });
  const told = (lang: 'es' | 'en', kind: ActivityKind, data: Activity['data']) =>
    sentenceWriter(i18n.getFixedT(lang), null)({ id: '1', at: '', kind, who: 'server', data, text: '' });
  const [one, more] = [
    { photos: 1, files: 1, days: 1 },
    { photos: 12, files: 2, days: 30 },
  ];
  expect(told('es', 'retention', one)).toBe('Se borró 1 foto con más de 1 día.');
  expect(told('es', 'retention', more)).toBe('Se borraron 12 fotos con más de 30 días.');
  expect(told('es', 'file_retention', one)).toBe('Se borró 1 archivo del chat con más de 1 día.');
  expect(told('en', 'retention', one)).toBe('1 photo older than 1 day was deleted.');
  expect(told('en', 'file_retention', more)).toBe('2 files of the chat older than 30 days were deleted.');
});
