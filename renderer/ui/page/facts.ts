import { read, readJson } from '../../../protocol/codec.ts';
import { type PageFacts, pageFacts } from '../../../protocol/page-facts.ts';

/** What the server wrote into the page. A page that was served without it still opens, with plain words. */
export function readFacts(document: Document): PageFacts {
  const json = readJson(document.querySelector<HTMLMetaElement>('meta[name="mostrador"]')?.content ?? '');
  const facts = json.ok ? read(pageFacts, json.value) : json;
  if (facts.ok) return facts.value;
  return {
    desk: 'Mostrador',
    lang: 'es',
    version: __VERSION__,
    max_photo_mb: 12,
    chat_chars: 2000,
    retention_days: 30,
    consent: { version: '1', text: null },
  };
}
