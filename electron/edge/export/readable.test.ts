import { expect, test } from 'vitest';
import { activityCsv, chatText } from './readable.ts';

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

test('[EXPORT351] no cell of the log begins like a formula, however a spreadsheet divides its lines', () => {
  const text = '=1\n+2;-3\t@4; =5;a=6';
  const at = '2026-03-02T12:00:05.000Z';
  const csv = activityCsv([
    { id: '1', at, kind: 'photo_received', who: '@x', text, data: { shot: "a;=cmd|' /C calc'!A0" } },
  ]);
  for (const divided of [/\r?\n|,/, /\r?\n|;/, /\r?\n|\t/]) {
    for (const found of csv.split(divided)) expect(found).not.toMatch(/^"?[=+\-@]/);
  }
  expect(csv).toContain("'@x");
  expect(csv).toContain("a;'=cmd|' /C calc'!A0");
});
