import { createInstance } from 'i18next';
import { expect, test } from 'vitest';
import { en } from '../texts/en.ts';
import { es } from '../texts/es.ts';
import { age } from './measures.ts';

test('[DASH45] a number and its unit of time stay on one line, in both languages', async () => {
  const i18n = createInstance();
  await i18n.init({ lng: 'es', resources: { es: { translation: es }, en: { translation: en } } });
  for (const lang of ['es', 'en'] as const) {
    const t = i18n.getFixedT(lang);
    const written = [
      ...[5, 300, 12_000, 180_000].map(seconds => age(seconds, t)),
      t('dashboard.seconds', { value: '12.4' }),
      t('dashboard.minutes', { minutes: 1, seconds: 55 }),
      t('people.seconds', { seconds: 9 }),
    ];
    expect(written).toEqual([
      '5\u00a0s',
      '5\u00a0min',
      '3\u00a0h 20\u00a0min',
      '2\u00a0d 2\u00a0h',
      '12.4\u00a0s',
      '1\u00a0min 55\u00a0s',
      '9\u00a0s',
    ]);
  }
});
