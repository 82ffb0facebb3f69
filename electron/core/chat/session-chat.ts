/** A phone's conversation with the desk: one for each session, made when the phone is there for the first time. */
import { ok } from '../../../protocol/errors.ts';
import { operator } from '../access.ts';
import type { Commit } from '../commit.ts';
import type { Log } from '../ports.ts';
import { type SessionParts, sessionEvent } from '../session/handlers.ts';
import { toConversation } from './chat.ts';
import { type ChatParts, chatEvents } from './handlers.ts';

interface Parts extends Pick<ChatParts, 'chat'> {
  sessions: SessionParts;
  commit: Commit;
  log: Log;
}

/** Never rejects. Does nothing for a session that has one. While the chat's database is away there is none; the phone's next arrival tries again. */
export function createSessionChat({ chat, sessions, commit, log }: Parts): (sessionId: string) => Promise<void> {
  const { store, clock, ids } = sessions;
  const toMembers = chatEvents({ sessions: store.sessions });

  const needsOne = (sessionId: string) => {
    const row = store.sessions.get(sessionId);
    return row?.status === 'authenticated' && row.conversationId === null ? row : null;
  };

  return async sessionId => {
    try {
      if (!needsOne(sessionId)) return;
      const fresh = { id: ids.uuid(), at: clock.now() };
      const { conversation, created } = await chat.direct(sessionId, operator.userId, fresh);
      // Erased meanwhile, with all that was its own.
      if (!store.sessions.get(sessionId)) return void (await chat.erase(sessionId));
      commit(() => {
        const row = needsOne(sessionId);
        if (!row) return ok({ reply: null });
        const withChat = { ...row, conversationId: conversation.id };
        store.sessions.update(withChat);
        const data = { conversation: toConversation(conversation) };
        const made = toMembers({ type: 'conversation_created' as const, data }, conversation.members);
        return ok({ reply: null, events: [...(created ? [made] : []), sessionEvent(withChat, sessions)] });
      });
    } catch (err) {
      log.error({ err, session: sessionId }, 'a session has no conversation yet');
    }
  };
}
