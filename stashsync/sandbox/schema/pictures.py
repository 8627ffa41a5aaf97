"""Galleries and images: types, queries and mutations (docs/stash-behaviour.md#mutations)."""

from __future__ import annotations

from collections.abc import Mapping

from stashsync.sandbox.schema.tables import Field, Table, each

OBJECTS: Mapping[str, Table] = {
    "Gallery": {
        "id": "ID!",
        **each("String", "title code date details photographer"),
        "url": Field("String", deprecated="Use urls"),
        "urls": "[String!]!",
        "rating100": "Int",
        "organized": "Boolean!",
        **each("Time!", "created_at updated_at"),
        "files": "[GalleryFile!]!",
        "folder": "Folder",
        "chapters": "[GalleryChapter!]!",
        "scenes": "[Scene!]!",
        "studio": "Studio",
        "image_count": "Int!",
        "tags": "[Tag!]!",
        "performers": "[Performer!]!",
        "cover": "Image",
        "paths": "GalleryPathsType!",
        "image": Field("Image!", args={"index": "Int!"}),
    },
    "GalleryPathsType": {
        **each("String!", "cover preview"),
    },
    "GalleryChapter": {
        "id": "ID!",
        "gallery": "Gallery!",
        "title": "String!",
        "image_index": "Int!",
        **each("Time!", "created_at updated_at"),
    },
    "FindGalleriesResultType": {
        "count": "Int!",
        "galleries": "[Gallery!]!",
    },
    "Image": {
        "id": "ID!",
        **each("String", "title code date details photographer"),
        **each("Int", "rating100 o_counter"),
        "url": Field("String", deprecated="Use urls"),
        "urls": "[String!]!",
        "organized": "Boolean!",
        **each("Time!", "created_at updated_at"),
        "files": Field("[ImageFile!]!", deprecated="Use visual_files"),
        "visual_files": "[VisualFile!]!",
        "paths": "ImagePathsType!",
        "galleries": "[Gallery!]!",
        "studio": "Studio",
        "tags": "[Tag!]!",
        "performers": "[Performer!]!",
    },
    "ImagePathsType": {
        **each("String", "thumbnail preview image"),
    },
    "FindImagesResultType": {
        "count": "Int!",
        **each("Float!", "megapixels filesize"),
        "images": "[Image!]!",
    },
}

INPUTS: Mapping[str, Table] = {
    "GalleryCreateInput": {
        "title": "String!",
        **each("String", "code date details photographer"),
        "url": Field("String", deprecated="Use urls"),
        "urls": "[String!]",
        "rating100": "Int",
        "organized": "Boolean",
        **each("[ID!]", "scene_ids tag_ids performer_ids"),
        "studio_id": "ID",
    },
    "GalleryUpdateInput": {
        **each("String", "clientMutationId title code date details photographer"),
        "id": "ID!",
        "url": Field("String", deprecated="Use urls"),
        "urls": "[String!]",
        "rating100": "Int",
        "organized": "Boolean",
        **each("[ID!]", "scene_ids tag_ids performer_ids"),
        **each("ID", "studio_id primary_file_id"),
    },
    "BulkGalleryUpdateInput": {
        **each("String", "clientMutationId code date details photographer"),
        "ids": "[ID!]",
        "url": Field("String", deprecated="Use urls"),
        "urls": "BulkUpdateStrings",
        "rating100": "Int",
        "organized": "Boolean",
        **each("BulkUpdateIds", "scene_ids tag_ids performer_ids"),
        "studio_id": "ID",
    },
    "GalleryDestroyInput": {
        "ids": "[ID!]!",
        **each("Boolean", "delete_file delete_generated"),
    },
    "GalleryAddInput": {
        "gallery_id": "ID!",
        "image_ids": "[ID!]!",
    },
    "GalleryRemoveInput": {
        "gallery_id": "ID!",
        "image_ids": "[ID!]!",
    },
    "GallerySetCoverInput": {
        **each("ID!", "gallery_id cover_image_id"),
    },
    "GalleryResetCoverInput": {
        "gallery_id": "ID!",
    },
    "GalleryChapterCreateInput": {
        "gallery_id": "ID!",
        "title": "String!",
        "image_index": "Int!",
    },
    "GalleryChapterUpdateInput": {
        "id": "ID!",
        "gallery_id": "ID",
        "title": "String",
        "image_index": "Int",
    },
    "ImageUpdateInput": {
        **each("String", "clientMutationId title code date details photographer"),
        "id": "ID!",
        "rating100": "Int",
        "organized": "Boolean",
        "url": Field("String", deprecated="Use urls"),
        "urls": "[String!]",
        **each("ID", "studio_id primary_file_id"),
        **each("[ID!]", "performer_ids tag_ids gallery_ids"),
    },
    "BulkImageUpdateInput": {
        **each("String", "clientMutationId title code date details photographer"),
        "ids": "[ID!]",
        "rating100": "Int",
        "organized": "Boolean",
        "url": Field("String", deprecated="Use urls"),
        "urls": "BulkUpdateStrings",
        "studio_id": "ID",
        **each("BulkUpdateIds", "performer_ids tag_ids gallery_ids"),
    },
    "ImageDestroyInput": {
        "id": "ID!",
        **each("Boolean", "delete_file delete_generated"),
    },
    "ImagesDestroyInput": {
        "ids": "[ID!]!",
        **each("Boolean", "delete_file delete_generated"),
    },
}

QUERIES: Table = {
    "findGallery": Field("Gallery", args={"id": "ID!"}),
    "findGalleries": Field(
        "FindGalleriesResultType!",
        args={"gallery_filter": "GalleryFilterType", "filter": "FindFilterType", "ids": "[ID!]"},
    ),
    "allGalleries": Field("[Gallery!]!", deprecated="Use findGalleries instead"),
    "findImage": Field("Image", args={"id": "ID", "checksum": "String"}),
    "findImages": Field(
        "FindImagesResultType!",
        args={
            "image_filter": "ImageFilterType",
            "image_ids": "[Int!]",
            "ids": "[ID!]",
            "filter": "FindFilterType",
        },
    ),
    "allImages": Field("[Image!]!", deprecated="Use findImages instead"),
}

MUTATIONS: Table = {
    "galleryCreate": Field("Gallery", args={"input": "GalleryCreateInput!"}),
    "galleryUpdate": Field("Gallery", args={"input": "GalleryUpdateInput!"}),
    "galleriesUpdate": Field("[Gallery]", args={"input": "[GalleryUpdateInput!]!"}),
    "bulkGalleryUpdate": Field("[Gallery!]", args={"input": "BulkGalleryUpdateInput!"}),
    "galleryDestroy": Field("Boolean!", args={"input": "GalleryDestroyInput!"}),
    "addGalleryImages": Field("Boolean!", args={"input": "GalleryAddInput!"}),
    "removeGalleryImages": Field("Boolean!", args={"input": "GalleryRemoveInput!"}),
    "setGalleryCover": Field("Boolean!", args={"input": "GallerySetCoverInput!"}),
    "resetGalleryCover": Field("Boolean!", args={"input": "GalleryResetCoverInput!"}),
    "galleryChapterCreate": Field("GalleryChapter", args={"input": "GalleryChapterCreateInput!"}),
    "galleryChapterUpdate": Field("GalleryChapter", args={"input": "GalleryChapterUpdateInput!"}),
    "galleryChapterDestroy": Field("Boolean!", args={"id": "ID!"}),
    "imageUpdate": Field("Image", args={"input": "ImageUpdateInput!"}),
    "imagesUpdate": Field("[Image]", args={"input": "[ImageUpdateInput!]!"}),
    "bulkImageUpdate": Field("[Image!]", args={"input": "BulkImageUpdateInput!"}),
    "imageDestroy": Field("Boolean!", args={"input": "ImageDestroyInput!"}),
    "imagesDestroy": Field("Boolean!", args={"input": "ImagesDestroyInput!"}),
    "imageIncrementO": Field("Int!", args={"id": "ID!"}),
    "imageDecrementO": Field("Int!", args={"id": "ID!"}),
    "imageResetO": Field("Int!", args={"id": "ID!"}),
}
