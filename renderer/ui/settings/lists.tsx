import { Textarea, TextInput } from '@mantine/core';
import type { ShotList } from '../../../protocol/settings.ts';
import { useTexts } from '../texts/use-texts.tsx';
import { OrderedList } from './ordered-list.tsx';
import styles from './settings-dialog.module.css';
import type { SettingsForm } from './settings-draft.ts';
import { useField } from './use-field.ts';

/** The named lists of photos that a session can ask for. */
export function ShotLists({ form }: { form: SettingsForm }) {
  const { t } = useTexts();
  const { changed, isFixed, notes } = useField(form, 'shot_lists', t('settings.shots.about'));
  const lists = changed ?? form.settings.shot_lists;
  return (
    <>
      <ListNotes {...notes} />
      <OrderedList<ShotList>
        label={t('settings.sections.shots')}
        items={lists}
        blank={{ name: '', shots: [''] }}
        most={20}
        add={t('settings.shots.addList')}
        disabled={isFixed}
        nameOf={({ name }, index) => name || t('settings.list.nth', { place: index + 1 })}
        onChange={shot_lists => form.set({ shot_lists })}
      >
        {(list, index, change) => (
          <div className={styles.shotList} data-testid="shot-list">
            <TextInput
              label={t('settings.shots.name')}
              readOnly={isFixed}
              maxLength={40}
              value={list.name}
              onChange={event => change({ ...list, name: event.currentTarget.value })}
            />
            <OrderedList<string>
              label={t('settings.shots.of', { name: list.name || t('settings.list.nth', { place: index + 1 }) })}
              items={list.shots}
              blank=""
              most={12}
              add={t('settings.shots.add')}
              disabled={isFixed}
              nameOf={(shot, place) => shot || t('settings.list.nth', { place: place + 1 })}
              onChange={shots => change({ ...list, shots })}
            >
              {(shot, place, rename) => (
                <TextInput
                  aria-label={t('settings.shots.shot', { place: place + 1 })}
                  readOnly={isFixed}
                  maxLength={60}
                  value={shot}
                  onChange={event => rename(event.currentTarget.value)}
                />
              )}
            </OrderedList>
          </div>
        )}
      </OrderedList>
    </>
  );
}

/** The sentences that the chat offers. */
export function QuickReplies({ form }: { form: SettingsForm }) {
  const { t } = useTexts();
  const { changed, isFixed, notes } = useField(form, 'quick_replies', t('settings.replies.about'));
  return (
    <>
      <ListNotes {...notes} />
      <OrderedList<string>
        label={t('settings.sections.replies')}
        items={changed ?? form.settings.quick_replies}
        blank=""
        most={30}
        add={t('settings.replies.add')}
        disabled={isFixed}
        nameOf={(reply, index) => reply || t('settings.list.nth', { place: index + 1 })}
        onChange={quick_replies => form.set({ quick_replies })}
      >
        {(reply, index, change) => (
          <Textarea
            aria-label={t('settings.replies.reply', { place: index + 1 })}
            size="md"
            autosize
            minRows={1}
            readOnly={isFixed}
            maxLength={300}
            value={reply}
            onChange={event => change(event.currentTarget.value.replace(/\s*\n\s*/g, ' '))}
          />
        )}
      </OrderedList>
    </>
  );
}

/** Which line of a list is wrong nobody knows: the keyboard is led to what is said of them all. */
function ListNotes({ description, error }: { description: string | undefined; error: string | undefined }) {
  return (
    <>
      {description && <p className={styles.about}>{description}</p>}
      {error && (
        <p className={styles.problem} role="alert" tabIndex={-1} data-problem>
          {error}
        </p>
      )}
    </>
  );
}
