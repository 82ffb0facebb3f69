/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import type { PageFacts } from '../../../protocol/page-facts.ts';
import type { App, Problem } from '../app.ts';
import { Icon } from '../icons.tsx';
import { CameraButton } from '../parts/CameraButton.tsx';
import { MemoryOnly } from '../parts/MemoryOnly.tsx';
import { Notice } from '../parts/Notice.tsx';
import { OriginalChoice } from '../parts/OriginalChoice.tsx';
import { Preview } from '../parts/Preview.tsx';
import { shotName } from '../shot-name.ts';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';

interface Props {
  app: App;
  visit: Visit;
  preparing: number;
  problems: readonly Problem[];
  facts: PageFacts;
  words: Words;
}

/** The chosen photos, large, before anything is sent. */
export function ReviewScreen({ app, visit, preparing, problems, facts, words }: Props) {
  const { session } = useSnapshot(visit);
  const drafts = useSnapshot(app.queue).filter(
    ({ sessionId, phase }) => sessionId === visit.id && phase.name === 'draft',
  );
  const [pickedId, pick] = useState<string | null>(null);
  const picked = drafts.find(draft => draft.id === pickedId) ?? drafts[0];
  const label = picked ? words.review.picked(drafts.indexOf(picked) + 1, drafts.length) : '';

  return (
    <>
      <main class="screen-body review" data-testid="review-screen">
        <h1>{words.review.title}</h1>
        {problems.map(({ id, why }) => (
          <Notice key={id} tone="bad" icon="warning" testid="problem">
            {words.problems[why]}
          </Notice>
        ))}
        <MemoryOnly app={app} words={words} />
        {picked && (
          <>
            <Preview blob={picked.blob} label={label} />
            {picked.hint && (
              <Notice tone="warn" icon="info" testid="hint" silent>
                {words.hints[picked.hint]}
              </Notice>
            )}
            {drafts.length > 1 && (
              <ul class="strip">
                {drafts.map((draft, index) => (
                  <li key={draft.id}>
                    <button
                      type="button"
                      data-testid="draft"
                      aria-current={draft === picked}
                      onClick={() => pick(draft.id)}
                    >
                      <Preview blob={draft.thumb} label={words.review.picked(index + 1, drafts.length)} />
                      {draft.hint && (
                        <>
                          <Icon name="info" />
                          <span class="unseen">{words.hints[draft.hint]}</span>
                        </>
                      )}
                    </button>
                  </li>
                ))}
              </ul>
            )}
            {session.shots.length > 0 && (
              <label class="field">
                <span>{words.review.which}</span>
                <select
                  data-testid="which-shot"
                  value={picked.shot ?? ''}
                  onChange={event => void app.queue.nameShot(picked.id, event.currentTarget.value || null)}
                >
                  {session.shots.map(shot => (
                    <option key={shot} value={shot}>
                      {shotName(shot, words)}
                    </option>
                  ))}
                  <option value="">{words.otherPhoto}</option>
                </select>
              </label>
            )}
            <OriginalChoice
              photo={picked}
              maxMb={facts.max_photo_mb}
              words={words}
              onChoose={whole => void app.queue.chooseOriginal(picked.id, whole)}
            />
            <div class="row">
              <CameraButton
                app={app}
                visit={visit}
                icon="retake"
                testid="repeat"
                look="small"
                onFiles={files => void app.replaceDraft(visit, picked.id, files)}
              >
                {words.review.retake}
              </CameraButton>
              <button
                type="button"
                class="button small"
                data-testid="remove"
                onClick={() => void app.removeDraft(visit, picked.id)}
              >
                <Icon name="trash" />
                <span>{words.review.remove}</span>
              </button>
              <button type="button" class="button small" data-testid="add-more" onClick={() => app.goToVisit(visit)}>
                <Icon name="camera" />
                <span>{words.review.addMore}</span>
              </button>
            </div>
          </>
        )}
        {/* Else which photo is looked at, for whoever does not see it. */}
        <p class={preparing > 0 ? 'state busy' : 'unseen'} role="status">
          {preparing > 0 ? (
            <>
              <Icon name="turning" />
              {words.review.preparing(preparing)}
            </>
          ) : (
            picked && [label, picked.hint && words.hints[picked.hint]].filter(Boolean).join('. ')
          )}
        </p>
      </main>
      <footer class="actions">
        <button
          type="button"
          class="button primary"
          data-testid="send"
          disabled={preparing > 0 || drafts.length === 0}
          onClick={() => void app.sendDrafts(visit)}
        >
          <Icon name="send" />
          <span>{words.review.send(Math.max(1, drafts.length))}</span>
        </button>
      </footer>
    </>
  );
}
