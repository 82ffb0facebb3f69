/** @jsxImportSource preact */
import type { Photo } from '../../../protocol/photo.ts';
import { readyIn } from '../../../protocol/ready-words.ts';
import type { App } from '../app.ts';
import { shotName } from '../shot-name.ts';
import type { Shot } from '../shots.ts';
import { usePhotos } from '../use-photos.ts';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';

interface Props {
  app: App;
  visit: Visit;
  words: Words;
  /** Where it covers the photos, also to be seen. */
  inSheet?: boolean;
}

/**
 * What a person has to know of the photos, for whoever does not see the cards: in one place, which outlasts the screens, and not at
 * every step of every photo.
 */
export function Heard({ app, visit, words, inSheet = false }: Props) {
  const { photos, onTheWay, shots, refused, done, judged } = usePhotos(app, visit);
  const offline = useSnapshot(visit).link === 'offline';
  const told = photos.filter(({ id }) => refused.has(id)).flatMap(photo => wantedOf(photo, words));
  if (onTheWay.length > 0) {
    const isIn = (name: string) => onTheWay.some(({ phase }) => phase.name === name);
    told.push(words.phase[isIn('failed') ? 'failed' : offline || isIn('waiting') ? 'waiting' : 'uploading']);
  } else if (photos.length > 0 && !offline) {
    const { title, text } = judged ? words.allAccepted : words.allSent;
    if (done) told.push(title, text);
    if (!done || !judged) told.push(...standingOf(shots, words));
  }
  return (
    <p class={inSheet && refused.size > 0 ? 'notice warn' : 'unseen'} role="status" data-testid="heard">
      {told.map(sentence => (/[.…]$/.test(sentence) ? sentence : `${sentence}.`)).join(' ')}
    </p>
  );
}

/** "Le piden otra: Rostro", "Borrosa". */
function wantedOf({ status, shot, reason }: Photo, words: Words): string[] {
  const what = `${words.verdict[status]}: ${shotName(shot, words)}`;
  if (status === 'quarantined') return [what, words.quarantined];
  return reason ? [what, readyIn(words.locale, reason)] : [what];
}

/** How the photos that were asked for stand: "Aceptada: Rostro", "Falta: DNI anverso, DNI reverso". */
function standingOf(shots: readonly Shot[], words: Words): string[] {
  return (['accepted', 'sent', 'missing'] as const).flatMap(state => {
    const names = shots.filter(shot => shot.state === state).map(({ name }) => shotName(name, words));
    return names.length > 0 ? [`${words.shot[state]}: ${names.join(', ')}`] : [];
  });
}
