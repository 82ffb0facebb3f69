/** The shapes that several messages and answers have in common, by the name that they have in the documents. */
import { activity } from '../../../protocol/activity.ts';
import { conversation, message } from '../../../protocol/chat.ts';
import { failure } from '../../../protocol/envelope.ts';
import { photo } from '../../../protocol/photo.ts';
import { session } from '../../../protocol/session.ts';
import { user } from '../../../protocol/user.ts';

export const shared = {
  Session: session,
  Photo: photo,
  Conversation: conversation,
  Message: message,
  User: user,
  Activity: activity,
  Failure: failure,
};
