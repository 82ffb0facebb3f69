import { Button, Indicator } from '@mantine/core';
import { IconAlertTriangle, IconMessages, IconUsersGroup } from '@tabler/icons-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Conversation as Chat } from '../../protocol/chat.ts';
import type { User } from '../../protocol/user.ts';
import type { ChatsSnapshot, DeskChats } from '../client/desk-chats.ts';
import { GroupForm } from '../ui/chat/group-form.tsx';
import { GroupList } from '../ui/chat/group-list.tsx';
import styles from '../ui/chat/groups.module.css';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { LongDialog } from '../ui/long-dialog.tsx';
import { StateMessage } from '../ui/state-message.tsx';
import { useTexts } from '../ui/texts/use-texts.tsx';
import type { LoadBlob } from '../ui/use-blob-url.ts';
import { Conversation } from './conversation.tsx';
import type { Notices } from './use-notices.ts';

interface Props {
  chats: DeskChats;
  offline: boolean;
  /** While a stranger stands before the screen. */
  hidden: boolean;
  load: LoadBlob;
  notices: Notices;
}

/** A button in the page's head, and behind it the groups that one is a member of. */
export function Groups({ chats, offline, hidden, load, notices }: Props) {
  const { t } = useTexts();
  const [opened, setOpened] = useState(false);
  const state = useSyncExternalStore(chats.subscribe, chats.getSnapshot);
  const unread = state.conversations
    .filter(one => one.type === 'group')
    .reduce((sum, { id }) => sum + (state.unread.get(id) ?? 0), 0);
  const label = unread > 0 ? `${t('chat.groups')}, ${t('chat.unread', { count: unread })}` : t('chat.groups');
  return (
    <>
      <Indicator label={unread} size={20} disabled={unread === 0 || hidden} zIndex={1}>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconUsersGroup size={20} aria-hidden />}
          disabled={hidden}
          title={hidden ? t('chat.groupsHidden') : undefined}
          aria-label={label}
          data-testid="groups"
          onClick={() => setOpened(true)}
        >
          {t('chat.groups')}
        </Button>
      </Indicator>
      <LongDialog
        opened={opened && !hidden}
        onClose={() => setOpened(false)}
        title={t('chat.groups')}
        size="min(1200px, 94vw)"
        centered
      >
        <GroupsPlace chats={chats} state={state} offline={offline} load={load} notices={notices} />
      </LongDialog>
    </>
  );
}

function GroupsPlace({ chats, state, offline, load, notices }: Omit<Props, 'hidden'> & { state: ChatsSnapshot }) {
  const { t } = useTexts();
  const [users, setUsers] = useState<readonly User[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<Chat | null>(null);
  const { me, conversations, unread } = state;
  const { attempt } = notices;

  useEffect(() => {
    void attempt(chats.users().then(setUsers));
  }, [chats, attempt]);

  const nameOf = (id: string) =>
    id === 'operator' ? t('chat.desk') : (users.find(user => user.id === id)?.name ?? id);
  const isUser = (id: string) => users.some(user => user.id === id);
  // A visitor's conversation stands beside its photos; other programs' users may write to the desk as well.
  const shown = conversations.filter(
    ({ type, members }) => type === 'group' || members.some(member => member !== me && isUser(member)),
  );
  const titleOf = ({ type, title, members }: Chat) =>
    type === 'group' ? (title ?? t('chat.untitled')) : nameOf(members.find(member => member !== me) ?? '');
  const current = shown.find(one => one.id === chosen) ?? null;
  const create = async (title: string, members: readonly string[]) => {
    const done = await attempt(chats.createGroup(title, members).then(({ id }) => setChosen(id)));
    if (done) setMaking(false);
    return done;
  };

  function main() {
    if (making) return <GroupForm users={users.filter(({ id }) => id !== me)} onCreate={create} />;
    const chat = current && chats.open(current.id);
    if (current && chat) {
      return (
        <>
          <div className={styles.head}>
            <div>
              <h3>{titleOf(current)}</h3>
              <p>{t('chat.members', { names: current.members.map(nameOf).join(', ') })}</p>
            </div>
            {current.type === 'group' && (
              <Button variant="default" onClick={() => setLeaving(current)}>
                {t('chat.leave')}
              </Button>
            )}
          </div>
          <Conversation
            key={current.id}
            chat={chat}
            name="group"
            offline={offline}
            group={current.type === 'group'}
            closed={null}
            nameOf={nameOf}
            load={load}
            notices={notices}
          />
        </>
      );
    }
    if (state.load === 'loading') return <StateMessage title={t('chat.loading')} />;
    if (state.load === 'failed') {
      const again = { label: t('app.retry'), onClick: () => void chats.reload() };
      return <StateMessage icon={IconAlertTriangle} tone="bad" title={t('chat.failed')} action={again} />;
    }
    if (shown.length > 0) return <StateMessage icon={IconMessages} title={t('chat.chooseGroup')} />;
    return <StateMessage icon={IconUsersGroup} title={t('chat.noGroups')} text={t('chat.noGroupsText')} />;
  }

  return (
    <div className={styles.place}>
      <GroupList
        conversations={shown}
        chosen={making ? null : chosen}
        unread={unread}
        titleOf={titleOf}
        onChoose={id => {
          setMaking(false);
          setChosen(id);
        }}
        onNew={() => setMaking(true)}
      />
      <div className={styles.main}>{main()}</div>
      <ConfirmDialog
        about={leaving}
        title={t('chat.leaveTitle')}
        text={t('chat.leaveText')}
        action={t('chat.leave')}
        onConfirm={({ id }) => attempt(chats.leave(id))}
        onClose={() => setLeaving(null)}
      />
    </div>
  );
}
