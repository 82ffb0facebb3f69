/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import type { Photo } from '../../../protocol/photo.ts';
import { reasonIn } from '../../../protocol/ready-reasons.ts';
import type { App, Problem } from '../app.ts';
import { ChatButton } from '../chat/ChatButton.tsx';
import { Icon } from '../icons.tsx';
import { CameraButton } from '../parts/CameraButton.tsx';
import { FileButton } from '../parts/FileButton.tsx';
import { LettersButton } from '../parts/LettersButton.tsx';
import { MemoryOnly } from '../parts/MemoryOnly.tsx';
import { Notice } from '../parts/Notice.tsx';
import { PhotoCard } from '../parts/PhotoCard.tsx';
import { QueueCard } from '../parts/QueueCard.tsx';
import { ShotList } from '../parts/ShotList.tsx';
import type { QueuedPhoto } from '../queue.ts';
import { nextShot, type Shot, shotsOf } from '../shots.ts';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';

interface Props {
  app: App;
  visit: Visit;
  problems: readonly Problem[];
  words: Words;
}

/** What was asked for, what is on its way, what the desk said, and the next photo. */
export function VisitScreen({ app, visit, problems, words }: Props) {
  const { session, photos, link } = useSnapshot(visit);
  const everything = useSnapshot(app.queue).filter(({ file }) => file === null);
  const thumbs = useSnapshot(app.thumbs);
  const own = everything.filter(photo => photo.sessionId === visit.id);
  // The event that the desk has one may be ahead of the answer to its upload: it is shown once, as the desk has it.
  const there = new Set(photos.map(photo => photo.id));
  const queued = own.filter(photo => !there.has(photo.id));
  const drafts = queued.filter(photo => photo.phase.name === 'draft').length;
  const onTheWay = queued.filter(photo => photo.phase.name !== 'draft');
  const shots = shotsOf(session.shots, photos, queued);
  // Until the person picks one, the next one missing is picked.
  const [picked, pick] = useState<{ shot: string | null } | null>(null);
  const shot = picked ? picked.shot : nextShot(shots);
  const choose = (files: File[], forShot = shot, to?: string) => {
    pick(null);
    void app.choose(visit, files, forShot, to);
  };
  const refused = app.unanswered(visit);
  const isComplete = shots.every(({ state }) => state !== 'missing') && refused.size === 0;
  const done = photos.length > 0 && queued.length === 0 && isComplete;
  const isEmpty = photos.length + onTheWay.length === 0;
  const hasMore = photos.length + onTheWay.length > refused.size;
  const accepted = photos.every(({ status }) => status !== 'received');
  const outcome = accepted ? words.allAccepted : words.allSent;
  // What a person has to know of, for whoever does not see the cards: in one place, and not at every step of every photo.
  const standing = standingOf(shots, words);
  const wanted = photos.find(({ id }) => refused.has(id));
  const heard = () => {
    if (wanted) {
      const { status, reason } = wanted;
      const why = status === 'quarantined' ? words.quarantined.slice(0, -1) : reasonIn(words.locale, reason ?? '');
      const what = `${words.verdict[status]}: ${wanted.shot ?? words.photo}`;
      return [what, why, standing].filter(Boolean).join('. ');
    }
    if (onTheWay.length > 0) return onTheWay.some(isFailed) ? words.phase.failed : words.phase.uploading;
    if (link === 'offline' || photos.length === 0) return '';
    if (!done) return standing;
    return accepted || !standing ? outcome.title : `${outcome.title}. ${standing}`;
  };
  const cardOf = (photo: Photo) => (
    <PhotoCard
      key={photo.id}
      photo={photo}
      words={words}
      wanted={refused.has(photo.id)}
      thumb={thumbs.get(photo.id)}
      onShow={() => app.fetchThumb(visit, photo)}
      app={app}
      visit={visit}
      onRetake={files => choose(files, photo.shot, photo.id)}
    />
  );

  return (
    <>
      <main class="screen-body" data-testid="visit-screen">
        {!(isEmpty && shots.length === 0) && <h1 class="unseen">{words.consent.title}</h1>}
        <p class="unseen" role="status" data-testid="heard">
          {heard()}
        </p>
        {problems.map(({ id, why }) => (
          <Notice key={id} tone="bad" icon="warning" testid="problem">
            {words.problems[why]}
          </Notice>
        ))}
        <MemoryOnly app={app} words={words} />
        {everything.length > own.length && (
          <Notice tone="info" icon="upload">
            {words.older(everything.length - own.length)}
          </Notice>
        )}
        {done && link === 'offline' && (
          <Notice tone="plain" icon="check" testid="done" silent>
            {words.allThere}
          </Notice>
        )}
        {done && link !== 'offline' && (
          <Notice tone="good" icon="accepted" testid="done" silent>
            <strong>{outcome.title}</strong>
            <p>{outcome.text}</p>
          </Notice>
        )}
        {drafts > 0 && (
          <button type="button" class="button secondary" data-testid="review" onClick={() => app.review(visit)}>
            <Icon name="photo" />
            <span>{words.drafts(drafts)}</span>
          </button>
        )}
        {refused.size > 0 && (
          <section aria-label={words.verdict.rejected}>
            <h2>{words.verdict.rejected}</h2>
            <ul class="cards">{photos.filter(photo => refused.has(photo.id)).map(cardOf)}</ul>
          </section>
        )}
        {shots.length > 0 && <ShotList shots={shots} picked={shot} words={words} onPick={shot => pick({ shot })} />}
        {hasMore ? (
          <section aria-label={words.yourPhotos}>
            <h2>{words.yourPhotos}</h2>
            <ul class="cards">
              {onTheWay.map(photo => (
                <QueueCard
                  key={photo.id}
                  photo={photo}
                  words={words}
                  onRetry={() => void app.queue.retry(photo.id)}
                  onRemove={() => void app.queue.remove(photo.id)}
                />
              ))}
              {photos.filter(photo => !refused.has(photo.id)).map(cardOf)}
            </ul>
          </section>
        ) : (
          isEmpty &&
          shots.length === 0 && (
            <div class="welcome">
              <Icon name="camera" />
              <h1>{words.nothingYet.title}</h1>
              <p>{words.nothingYet.text}</p>
            </div>
          )
        )}
        <LettersButton app={app} words={words} />
        <button type="button" class="button plain" data-testid="leave" onClick={() => app.askToLeave(visit)}>
          <Icon name="trash" />
          <span>{words.leave.open}</span>
        </button>
      </main>
      <footer class="actions">
        <div class="actions-row">
          <FileButton icon="photo" testid="choose" onFiles={files => choose(files)}>
            {words.choose}
          </FileButton>
          <ChatButton chat={visit.chat} words={words} />
        </div>
        <CameraButton
          app={app}
          visit={visit}
          icon="camera"
          testid="take"
          look="primary"
          onFiles={files => choose(files)}
        >
          {shot === null ? words.take : words.takeShot(shot)}
        </CameraButton>
      </footer>
    </>
  );
}

/** How the photos that were asked for stand: "Aceptada: Rostro. Falta: DNI anverso, DNI reverso." */
function standingOf(shots: readonly Shot[], words: Words): string {
  const told = (['accepted', 'sent', 'missing'] as const).map(state => {
    const names = shots.filter(shot => shot.state === state).map(({ name }) => name);
    return names.length > 0 ? `${words.shot[state]}: ${names.join(', ')}.` : '';
  });
  return told.filter(Boolean).join(' ');
}

function isFailed({ phase }: QueuedPhoto): boolean {
  return phase.name === 'failed';
}
