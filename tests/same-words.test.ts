/** What a receptionist and a visitor speak of has one name on all screens. */
import { expect, test } from 'vitest';
import { words } from '../renderer/phone/words.ts';
import { en } from '../renderer/ui/texts/en.ts';
import { es } from '../renderer/ui/texts/es.ts';

test('[PHONE333] the sign that both screens show is called the same on the phone, at the desk and on the visitor’s screen', () => {
  for (const [phone, desk, name] of [
    [words.es, es, 'símbolo y color'],
    [words.en, en, 'symbol and colour'],
  ] as const) {
    for (const sentence of [phone.consent.compare, desk.session.match, desk.display.match])
      expect(sentence).toContain(name);
  }
});

test('[PHONE333] what ends on the phone is the visit, as its button says', () => {
  expect(words.es.ended.title).toBe('Su visita terminó');
  expect(words.es.leave.text).toContain('su visita');
  expect(words.en.ended.title).toBe('Your visit has ended');
  expect(words.en.leave.text).toContain('Your visit');
});

test('[DESK550] in Spanish the Wi-Fi is masculine everywhere', () => {
  for (const texts of [words.es, es])
    expect(JSON.stringify(texts)).not.toMatch(/\b(la|una|otra|misma|esa|esta) Wi-Fi/i);
});
