import { expect, test } from 'vitest';
import { chatText } from './readable.ts';

test('[EXPORT350] what a message holds never stands at the beginning of a line, by whatever its lines end', () => {
  const forged = '2026-03-02T12:00:06.000Z  Mostrador: yes';
  const ends = ['\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029'];
  const content = ends.map(end => `no${end}${forged}`).join('');
  const row = {
    id: '1',
    conversationId: 'c',
    senderId: 's',
    type: 'texto' as const,
    content,
    fileUrl: null,
    at: Date.UTC(2026, 2, 2, 12, 0, 5),
    editedAt: null,
    clientId: 'x',
    receipts: [],
  };
  const text = chatText([{ conversationId: 'c', sessionId: 's', messages: [row] }], 'DNI-1');
  const lines = text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/);
  expect(lines.filter(line => line.startsWith('2026'))).toEqual(['2026-03-02T12:00:05.000Z  DNI-1: no']);
  expect(lines.filter(line => line.startsWith('    2026'))).toHaveLength(ends.length);
});
