import { Controller, Get, Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { z } from 'zod';
import { AccessGuard } from '../access/guard.js';
import { SignInLinkController } from '../access/sign-in-link.controller.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { docsPolicy, renderDocs, type ApiDocument } from './document/docs-page.js';
import { openApiOf } from './document/openapi.js';
import { Input, Operation, type Given } from './operation.js';
import { ProblemFilter } from './problem-filter.js';

/** What every request of the API passes (guard, interceptor, filter of errors), and the API's
 *  document. */

/** @param controllers the routes of the features; the document describes them and its own two. */
export const documentController = (controllers: readonly Type[]): Type => {
  let document: object | undefined;

  @Controller('api/v1')
  class DocumentController {
    @Get('openapi.json')
    @Operation({ summary: 'This document.', role: 'none', answer: z.looseObject({ openapi: z.string() }) })
    readDocument(): object {
      return (document ??= openApiOf([...controllers, DocumentController]));
    }

    @Get()
    @Operation({
      summary: 'Names this document, for people who open the root of the API.',
      role: 'none',
      answer: z.object({ openapi: z.string() }),
    })
    readRoot(): { openapi: string } {
      return { openapi: '/api/v1/openapi.json' };
    }
  }
  return DocumentController;
};

/** The document as a page to read, beside the API and not part of it. */
const docsController = (read: () => object): Type => {
  let page: string | undefined;

  @Controller('api/docs')
  class DocsController {
    @Get()
    @Operation({ summary: 'The document as a page to read.', role: 'none' })
    readDocs(@Input() { reply }: Given): string {
      void reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('content-security-policy', docsPolicy)
        .header('cache-control', 'no-cache');
      return (page ??= renderDocs(read() as ApiDocument));
    }
  }
  return DocsController;
};

@Module({})
export class HttpModule {
  static of(controllers: readonly Type[]): DynamicModule {
    const document = documentController(controllers);
    const docs = docsController(() => openApiOf([...controllers, document]));
    return {
      module: HttpModule,
      controllers: [document, docs, SignInLinkController],
      providers: [
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
      ],
    };
  }
}
