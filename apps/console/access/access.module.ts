import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { SessionController } from './session.controller.js';
import { TokensController } from './tokens.controller.js';
import { UsersController } from './users.controller.js';

@Module({ controllers: [SessionController, UsersController, TokensController, AuditController] })
export class AccessModule {}
