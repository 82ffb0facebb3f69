import { read, readJson } from '../../protocol/codec.ts';
import { type PageFacts, pageFacts } from '../../protocol/page-facts.ts';

const unknown: PageFacts = {
  desk: 'Mostrador',
  lang: 'es',
  version: '',
  max_photo_mb: 12,
  chat_chars: 2000,
  retention_days: 30,
  consent: { version: '1', text: null },
};

/** What the server wrote into the page; sane values where it could not be read, since the visit can go on without. */
export function factsOf(page: Document): PageFacts {
  const text = page.querySelector('meta[name="mostrador"]')?.getAttribute('content') ?? '';
  const json = readJson(text);
  const facts = json.ok ? read(pageFacts, json.value) : json;
  return facts.ok ? facts.value : unknown;
}
