import { Button, Loader, Modal, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconCheck,
  IconChevronLeft,
  IconChevronRight,
  IconDownload,
  IconFolderSymlink,
  IconKeyboard,
  IconPhotoOff,
  IconPrinter,
  IconRepeat,
  IconRotateClockwise,
  IconShieldExclamation,
  IconTrash,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import Lightbox, { type ZoomRef } from 'yet-another-react-lightbox';
import Inline from 'yet-another-react-lightbox/plugins/inline';
import Zoom from 'yet-another-react-lightbox/plugins/zoom';
import { ok } from '../../protocol/errors.ts';
import type { Photo } from '../../protocol/photo.ts';
import { dayAndTime, fileSize } from './format.ts';
import { InlinePerson } from './inline-person.tsx';
import styles from './photo-viewer.module.css';
import { RejectForm } from './reject-form.tsx';
import { rotateImage } from './rotate-image.ts';
import { StateMessage } from './state-message.tsx';
import { StatusBadge } from './status-badge.tsx';
import { useTexts } from './texts/use-texts.tsx';
import { type LoadBlob, useBlobUrl } from './use-blob-url.ts';

interface Props {
  photo: Photo;
  /** Its place among the photos that one can go through here, from 0. */
  index: number;
  count: number;
  person: string;
  load: LoadBlob;
  onStep: (by: 1 | -1) => void;
  onAccept: (photo: Photo) => void;
  onReject: (photo: Photo, reason: string) => void;
  isHeard: (photo: Photo) => boolean;
  onSave: (photo: Photo) => void;
  /** Turned by so many quarters, as it stands in the view. */
  onPrint: (photo: Photo, quarters: number) => void;
  onHelp: () => void;
  onDelete: (photo: Photo) => void;
  /** Answers whether the server took it. */
  onMove: (photo: Photo, idPersona: string) => Promise<boolean>;
  onClose: () => void;
}

/** One photo, large: zoom, turn, judge, keep, delete, move. */
export function PhotoViewer(props: Props) {
  const {
    photo,
    index,
    count,
    person,
    load,
    onStep,
    onAccept,
    onReject,
    isHeard,
    onSave,
    onPrint,
    onHelp,
    onDelete,
    onMove,
    onClose,
  } = props;
  const { t, i18n } = useTexts();
  const [asked, setAsked] = useState<{ id: string; what: 'reject' | 'move' } | null>(null);
  const [turned, setTurned] = useState<{ id: string; quarters: number }>({ id: photo.id, quarters: 0 });
  const zoom = useRef<ZoomRef>(null);
  const dialog = useRef<HTMLDivElement>(null);
  const askedFrom = useRef<Element>(null);
  const quarters = turned.id === photo.id ? turned.quarters : 0;
  const open = asked?.id === photo.id ? asked.what : null;
  const apart = photo.status === 'quarantined';
  const { shot } = photo;
  const place = t('lightbox.title', { index: index + 1, count });
  const name = shot === null ? place : `${place}: ${shot}`;
  const time = dayAndTime(photo.received_at, i18n.language);

  const loadTurned: LoadBlob = async (path, signal) => {
    const image = await load(path, signal);
    return image.ok && quarters > 0 ? ok(await rotateImage(image.value, quarters)) : image;
  };
  const image = useBlobUrl(apart ? null : photo.urls.full, photo.stored_sha256 ?? '', loadTurned);

  const ask = (what: 'reject' | 'move') => {
    if (open === null) askedFrom.current = document.activeElement;
    setAsked(open === what ? null : { id: photo.id, what });
  };
  useEffect(() => {
    if (open === 'reject') dialog.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
  }, [open]);
  // What had the focus is gone, and from nowhere the viewer would hear no key: it goes back to where it was, else to the viewer itself.
  useEffect(() => {
    if (document.activeElement !== document.body) return;
    const before = askedFrom.current;
    if (before instanceof HTMLElement && before.isConnected) before.focus();
    else dialog.current?.focus();
  });

  const onKeyDown = (event: KeyboardEvent) => {
    // Not left to the dialog, which hears every Escape, also one that is meant for what lies above it.
    if (event.key === 'Escape') {
      if (open) setAsked(null);
      else onClose();
    }
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowLeft' && index > 0) onStep(-1);
    else if (event.key === 'ArrowRight' && index < count - 1) onStep(1);
  };

  function whyApart({ reason }: Photo) {
    return reason === null ? t('review.quarantinePlain') : t('review.quarantine', { reason });
  }

  return (
    <Modal.Root
      opened
      onClose={onClose}
      closeOnEscape={false}
      fullScreen
      transitionProps={{ duration: 0 }}
      onKeyDown={onKeyDown}
    >
      <Modal.Content ref={dialog} radius={0} data-viewer data-testid="lightbox" data-photo-id={photo.id}>
        <div className={styles.layout}>
          <div className={styles.stage}>
            {apart && (
              <StateMessage
                icon={IconShieldExclamation}
                tone="bad"
                title={t('status.quarantined')}
                text={whyApart(photo)}
              />
            )}
            {!apart && image.state === 'loading' && (
              <div className={styles.wait} role="status" aria-label={t('lightbox.loading')}>
                <Loader color="white" />
              </div>
            )}
            {image.state === 'failed' && <StateMessage icon={IconPhotoOff} title={t('lightbox.failed')} />}
            {image.state === 'shown' && (
              <Lightbox
                key={image.url}
                plugins={[Inline, Zoom]}
                slides={[
                  {
                    src: image.url,
                    alt: shot === null ? t('lightbox.alt', { time }) : t('lightbox.altShot', { shot, time }),
                  },
                ]}
                labels={{
                  Lightbox: t('lightbox.large'),
                  'Photo gallery': t('lightbox.large'),
                  Carousel: t('lightbox.view'),
                  Slide: t('lightbox.slide'),
                  // It is given one photo at a time, and would count that.
                  '{index} of {total}': name,
                }}
                zoom={{ ref: zoom, maxZoomPixelRatio: 4, scrollToZoom: true, doubleClickMaxStops: 2 }}
                carousel={{ finite: true, padding: 0 }}
                toolbar={{ buttons: [] }}
                render={{ buttonPrev: () => null, buttonNext: () => null, buttonZoom: () => null }}
                animation={{ fade: 0, zoom: 200 }}
                className={styles.lightbox ?? ''}
              />
            )}
            {count > 1 && (
              <>
                <Step side="previous" isLast={index === 0} onClick={() => onStep(-1)} />
                <Step side="next" isLast={index >= count - 1} onClick={() => onStep(1)} />
              </>
            )}
            {!apart && (
              <div className={styles.tools}>
                <Tool
                  keys="-"
                  label={t('lightbox.zoomOut')}
                  icon={IconZoomOut}
                  onClick={() => zoom.current?.zoomOut()}
                />
                <Tool keys="+" label={t('lightbox.zoomIn')} icon={IconZoomIn} onClick={() => zoom.current?.zoomIn()} />
                <Tool
                  keys="G"
                  label={t('lightbox.rotate')}
                  icon={IconRotateClockwise}
                  onClick={() => setTurned({ id: photo.id, quarters: (quarters + 1) % 4 })}
                />
              </div>
            )}
          </div>
          <aside className={styles.side}>
            <div className={styles.head}>
              <Modal.Title className={styles.title} aria-label={name}>
                {place}
              </Modal.Title>
              <Modal.CloseButton size={44} aria-label={t('app.close')} />
            </div>
            <div>
              <StatusBadge status={photo.status} />
              {photo.reason !== null && <p className={styles.reason}>{t('review.reason', { reason: photo.reason })}</p>}
            </div>
            <dl className={styles.facts}>
              <Fact name={t('lightbox.person')} value={person} />
              {shot !== null && <Fact name={t('lightbox.shot')} value={shot} />}
              <Fact name={t('lightbox.received')} value={time} />
              <Fact
                name={t('lightbox.size')}
                value={`${photo.width} × ${photo.height} · ${fileSize(photo.bytes, i18n.language)}`}
              />
            </dl>
            {open === 'reject' && (
              <RejectForm
                isHeard={isHeard(photo)}
                onReject={reason => {
                  setAsked(null);
                  onReject(photo, reason);
                }}
              />
            )}
            {open === 'move' && (
              <InlinePerson
                label={t('review.moveTo')}
                initial=""
                submit={t('review.moveDo')}
                onSubmit={async idPersona => {
                  if (await onMove(photo, idPersona)) setAsked(null);
                }}
                onCancel={() => setAsked(null)}
              />
            )}
            <div className={styles.actions}>
              {!apart && (
                <>
                  <Button
                    size="md"
                    variant={photo.status === 'accepted' ? 'light' : 'filled'}
                    aria-pressed={photo.status === 'accepted'}
                    leftSection={<IconCheck size={20} aria-hidden />}
                    data-testid="accept"
                    aria-keyshortcuts="A"
                    onClick={() => onAccept(photo)}
                  >
                    {t('review.accept')}
                  </Button>
                  <Button
                    size="md"
                    variant="default"
                    aria-expanded={open === 'reject'}
                    leftSection={<IconRepeat size={20} aria-hidden />}
                    data-testid="reject"
                    aria-keyshortcuts="R"
                    onClick={() => ask('reject')}
                  >
                    {t('review.reject')}
                  </Button>
                </>
              )}
              <div className={styles.more}>
                {!apart && (
                  <Button
                    variant="subtle"
                    color="gray"
                    leftSection={<IconPrinter size={18} aria-hidden />}
                    data-testid="print-photo"
                    aria-keyshortcuts="P"
                    onClick={() => onPrint(photo, quarters)}
                  >
                    {t('desk.print')}
                  </Button>
                )}
                {!apart && (
                  <Button
                    variant="subtle"
                    color="gray"
                    leftSection={<IconDownload size={18} aria-hidden />}
                    data-testid="save-photo"
                    aria-keyshortcuts="S"
                    onClick={() => onSave(photo)}
                  >
                    {t('review.save')}
                  </Button>
                )}
                <Button
                  variant="subtle"
                  color="gray"
                  aria-expanded={open === 'move'}
                  leftSection={<IconFolderSymlink size={18} aria-hidden />}
                  data-testid="move-photo"
                  aria-keyshortcuts="M"
                  onClick={() => ask('move')}
                >
                  {t('review.move')}
                </Button>
                <Button
                  variant="subtle"
                  color="red"
                  leftSection={<IconTrash size={18} aria-hidden />}
                  data-testid="delete-photo"
                  aria-keyshortcuts="Delete"
                  onClick={() => onDelete(photo)}
                >
                  {t('review.remove')}
                </Button>
              </div>
            </div>
            <Button
              variant="subtle"
              color="gray"
              className={styles.keys}
              leftSection={<IconKeyboard size={18} aria-hidden />}
              aria-keyshortcuts="?"
              onClick={onHelp}
            >
              {t('desk.keys.open')}
            </Button>
          </aside>
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Where there is none on that side it stays what it is: a button that is disabled lets go of the focus. */
function Step({ side, isLast, onClick }: { side: 'previous' | 'next'; isLast: boolean; onClick: () => void }) {
  const { t } = useTexts();
  const Picture = side === 'previous' ? IconChevronLeft : IconChevronRight;
  return (
    <UnstyledButton
      className={styles.step}
      data-side={side}
      aria-disabled={isLast}
      aria-label={t(`lightbox.${side}`)}
      onClick={isLast ? undefined : onClick}
    >
      <Picture size={30} aria-hidden />
    </UnstyledButton>
  );
}

interface ToolProps {
  label: string;
  keys: string;
  icon: typeof IconZoomIn;
  onClick: () => void;
}

function Tool({ label, keys, icon: Picture, onClick }: ToolProps) {
  return (
    <Tooltip label={label}>
      <UnstyledButton className={styles.tool} aria-label={label} aria-keyshortcuts={keys} onClick={onClick}>
        <Picture size={22} aria-hidden />
      </UnstyledButton>
    </Tooltip>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
