import { Module } from '@nestjs/common';
import { ClickUploadController } from './click-upload.controller.js';
import { ConversionUploadController } from './uploads.controller.js';

@Module({ controllers: [ConversionUploadController, ClickUploadController] })
export class UploadsModule {}
