import {
  Bug,
  CircleOff,
  CirclePlay,
  Glasses,
  HardDriveUpload,
  History,
  KeyRound,
  Link2,
  LogOut,
  Pause,
  RotateCcwKey,
  RotateCw,
  Scaling,
  Trash2,
  UserRoundX,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { ActionName } from './action-target.js';

export const ACTION_ICONS: Readonly<Record<ActionName, ReactNode>> = {
  scale: <Scaling aria-hidden="true" />,
  restart: <RotateCw aria-hidden="true" />,
  rollBack: <History aria-hidden="true" />,
  makeJob: <CirclePlay aria-hidden="true" />,
  suspend: <Pause aria-hidden="true" />,
  resize: <HardDriveUpload aria-hidden="true" />,
  debug: <Bug aria-hidden="true" />,
  cordon: <CircleOff aria-hidden="true" />,
  grant: <KeyRound aria-hidden="true" />,
  viewAs: <Glasses aria-hidden="true" />,
  resetPassword: <RotateCcwKey aria-hidden="true" />,
  disable: <UserRoundX aria-hidden="true" />,
  link: <Link2 aria-hidden="true" />,
  drain: <LogOut aria-hidden="true" />,
  delete: <Trash2 aria-hidden="true" />,
};
