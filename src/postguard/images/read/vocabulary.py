"""The fixed vocabulary: which EXIF tags (exifread's names) and XMP properties (local names) tell what."""

from typing import Final

from postguard.images.read.facts import Kind


def _words(kind: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), kind)


EXIF: Final = {
    **_words(
        Kind.PLACE,
        "GPSLatitude GPSLongitude GPSAltitude GPSDestLatitude GPSDestLongitude GPSAreaInformation GPSImgDirection "
        "GPSTrack GPSSpeed GPSDestBearing GPSDestDistance GPSSatellites",
    ),
    **_words(
        Kind.TIME,
        "DateTime DateTimeOriginal DateTimeDigitized OffsetTime OffsetTimeOriginal OffsetTimeDigitized TimeZoneOffset "
        "SubSecTime SubSecTimeOriginal SubSecTimeDigitized GPSTimeStamp GPSDate",
    ),
    **_words(
        Kind.PERSON,
        "Artist Copyright ImageDescription DocumentName PageName CameraOwnerName OwnerName XPTitle XPComment XPAuthor "
        "XPKeywords XPSubject ImageHistory SecurityClassification",
    ),
    **_words(
        Kind.DEVICE,
        "Make Model Software HostComputer BodySerialNumber SerialNumber LensMake LensModel LensSerialNumber "
        "LensSpecification ImageUniqueID ImageNumber TargetPrinter RelatedSoundFile",
    ),
}

XMP: Final = {
    **_words(
        Kind.PLACE,
        "City State Country CountryCode CountryName Location Sublocation ProvinceState LocationCreated LocationShown "
        "LocationName LocationId WorldRegion location",
    ),
    **_words(
        Kind.TIME,
        "CreateDate ModifyDate MetadataDate DateTime DateTimeOriginal DateTimeDigitized DateCreated when date "
        "DateAcquired lastEdited LastKeywordXMP Date CreationDate ModDate Timestamp GPSTimeStamp GPSDateStamp",
    ),
    **_words(
        Kind.PERSON,
        "creator title description subject rights contributor publisher source relation AuthorsPosition CaptionWriter "
        "Headline Credit Instructions Source TransmissionReference PersonInImage PersonInImageWDetails PersonName "
        "PersonDisplayName Name Regions RegionInfo Artist ImageDescription Copyright UserComment Owner OwnerName "
        "CameraOwnerName CreatorContactInfo CiAdrExtadr CiAdrCity CiAdrRegion CiAdrPcode CiAdrCtry CiEmailWork "
        "CiTelWork CiUrlWork hierarchicalSubject weightedFlatSubject TagsList CaptionsAuthorNames Notes Author author "
        "Keywords keywords Subject Title Description Comment comment UsageTerms WebStatement Photographer ImageEditor "
        "LicensorName CopyrightOwnerName ImageCreatorName ImageSupplierName Event EventName AltTextAccessibility "
        "ExtDescrAccessibility Certificate AdditionalModelInformation ModelReleaseID PropertyReleaseID "
        "MinorModelAgeDisclosure OrganisationInImageName ArtworkOrObject ItemList Caption CaptionAbstract Categories "
        "categories LastURL TextLayers LayerName LayerText provenance Label",
    ),
    **_words(
        Kind.DEVICE,
        "Make Model Software CreatorTool Producer SerialNumber CameraSerialNumber BodySerialNumber LensSerialNumber "
        "Lens LensModel LensMake LensInfo LensID LensSpecification ImageNumber ImageUniqueID Firmware CameraFirmware "
        "DocumentID InstanceID OriginalDocumentID documentID instanceID originalDocumentID DerivedFrom History "
        "softwareAgent DocumentAncestors Ingredients Pantry toolkit RawFileName DigitalImageGUID CapturedBy "
        "CaptureSoftware xmptk",
    ),
}

XMP_TECHNICAL: Final = frozenset(
    _words(
        Kind.DATA,
        "format ColorMode ICCProfile Rating Nickname LegacyIPTCDigest type identifier language coverage Marked "
        "EmbeddedXMPDigest SidecarForExtension HasExtendedXMP RenditionClass VersionID ManagedFrom Urgency Category "
        "SupplementalCategories IntellectualGenre Scene SubjectCode Trapped PDFVersion GPSVersionID GPSMapDatum "
        "GPSProcessingMethod",
    )
)
XMP_TECHNICAL_NAMESPACES: Final = (
    "http://ns.adobe.com/camera-raw-settings/",
    "http://ns.adobe.com/hdr-gain-map/",
    "http://ns.adobe.com/hdr-metadata/",
    "http://ns.google.com/photos/1.0/container/",
    "http://ns.google.com/photos/1.0/panorama/",
    "http://ns.google.com/photos/1.0/camera/",
    "http://ns.apple.com/HDRGainMap/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.w3.org/2000/xmlns/",
    "http://ns.adobe.com/tiff/1.0/",
    "http://ns.adobe.com/exif/1.0/",
    "http://cipa.jp/exif/1.0/",
    "http://ns.adobe.com/xap/1.0/t/pg/",
    "http://ns.adobe.com/xap/1.0/sType/",
    "adobe:ns:meta/",
)
