import { Module } from '@nestjs/common';
import { ClickUploadController } from './click-upload.controller.js';
import { ReportFileController } from './report-files.controller.js';
import { ConversionUploadController } from './uploads.controller.js';

@Module({ controllers: [ConversionUploadController, ClickUploadController, ReportFileController] })
export class UploadsModule {}
