import { expect, test } from 'vitest';
import { readIdPersona } from './id-persona.ts';

const token = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

test('[DESK23] the address of a QR is no idPersona; slashes and letters alone are no address', () => {
  for (const typed of [
    `HTTP://192.168.1.50:8080/J/${token}`,
    ` http://192.168.1.50:8080/J/${token} `,
    `mostrador.local:8080/J/${token}`,
    `/J/${token.slice(0, 20)}`,
    'https://example.org/',
    `http://${'a'.repeat(70)}.example`,
  ]) {
    expect(readIdPersona(typed)).toEqual({ problem: 'address' });
  }
  for (const idPersona of [
    '12/J/34',
    `EXP/J/${token.slice(0, 19)}`,
    token,
    'http',
    'http://',
    'ver http://a.b',
    '77/j/x',
  ]) {
    expect(readIdPersona(idPersona)).toEqual({ idPersona });
  }
});
