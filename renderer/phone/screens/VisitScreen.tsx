/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import type { Photo } from '../../../protocol/photo.ts';
import type { App, Problem } from '../app.ts';
import { ChatButton } from '../chat/ChatButton.tsx';
import { focusTitle } from '../focus-title.ts';
import { Icon } from '../icons.tsx';
import { CameraButton } from '../parts/CameraButton.tsx';
import { FileButton } from '../parts/FileButton.tsx';
import { LettersButton } from '../parts/LettersButton.tsx';
import { MemoryOnly } from '../parts/MemoryOnly.tsx';
import { Notice } from '../parts/Notice.tsx';
import { PhotoCard } from '../parts/PhotoCard.tsx';
import { QueueCard } from '../parts/QueueCard.tsx';
import { ShotList } from '../parts/ShotList.tsx';
import { shotName } from '../shot-name.ts';
import { nextShot } from '../shots.ts';
import { usePhotos } from '../use-photos.ts';
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
  const { link } = useSnapshot(visit);
  const thumbs = useSnapshot(app.thumbs);
  const { photos, drafts, onTheWay, older, shots, refused, done, judged } = usePhotos(app, visit);
  // Until the person picks one, the next one missing is picked.
  const [picked, pick] = useState<{ shot: string | null } | null>(null);
  const shot = picked ? picked.shot : nextShot(shots);
  const choose = (files: File[], forShot = shot, to?: string) => {
    pick(null);
    void app.choose(visit, files, forShot, to);
  };
  const isEmpty = photos.length + onTheWay.length + drafts === 0;
  const hasMore = photos.length + onTheWay.length > refused.size;
  const outcome = judged ? words.allAccepted : words.allSent;
  const takes = shot === null ? words.take : words.takeShot(shotName(shot, words));
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
        {!(isEmpty && shots.length === 0) && <h1 class="unseen">{words.title}</h1>}
        {problems.map(({ id, why }) => (
          <Notice key={id} tone="bad" icon="warning" testid="problem">
            {words.problems[why]}
          </Notice>
        ))}
        <MemoryOnly app={app} words={words} />
        {older > 0 && (
          <Notice tone="info" icon="upload">
            {words.older(older)}
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
                  onRemove={() => {
                    void app.queue.remove(photo.id);
                    focusTitle();
                  }}
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
          // Who is done is not urged on.
          look={done ? 'secondary' : 'primary'}
          onFiles={files => choose(files)}
        >
          {done ? words.takeAnother : takes}
        </CameraButton>
      </footer>
    </>
  );
}
