//! What the metadata scanner reports (explode-scanners.md §5.4).

use mailhound_value::object;

object! {
    /// Metadata of a picture, document, archive or shortcut.
    #[derive(Clone, Debug, Default)]
    pub struct Exif {
        /// Arguments of a shortcut.
        command_line_arguments: Option<String>,
        /// When the content was made, RFC 3339.
        create_date: Option<String>,
        /// Creator tag.
        creator: Option<String>,
        /// Version of the metadata vocabulary.
        exif_tool_version: Option<f64>,
        /// Every tag.
        fields: Vec<ExifField>,
        /// Permissions.
        file_permissions: Option<String>,
        /// Type by content.
        file_type: Option<String>,
        /// Usual extension of that type.
        file_type_extension: Option<String>,
        /// What went wrong while reading.
        flags: Vec<String>,
        /// Hot key of a shortcut.
        hot_key: Option<String>,
        /// Height in pixels.
        image_height: Option<i64>,
        /// Width in pixels.
        image_width: Option<i64>,
        /// Whether a PDF is linearised.
        linearized: Option<String>,
        /// Target of a shortcut.
        local_base_path: Option<String>,
        /// When the content was changed, RFC 3339.
        modify_date: Option<String>,
        /// Pages.
        page_count: Option<i64>,
        /// PDF version.
        pdf_version: Option<String>,
        /// Producer tag.
        producer: Option<String>,
        /// Relative target of a shortcut.
        relative_path: Option<String>,
        /// Window state of a shortcut.
        run_window: Option<String>,
        /// Name of the file that was read.
        source_file: Option<String>,
        /// DOS name of the target of a shortcut.
        target_file_dos_name: Option<String>,
        /// Title tag.
        title: Option<String>,
        /// Flags of the first ZIP member.
        zip_bit_flag: Option<i64>,
        /// Packed bytes of the first ZIP member.
        zip_compressed_size: Option<i64>,
        /// Name of the first ZIP member.
        zip_file_name: Option<String>,
        /// Time of the first ZIP member, RFC 3339.
        zip_modify_date: Option<String>,
        /// Unpacked bytes of the first ZIP member.
        zip_uncompressed_size: Option<i64>,
    }
}

object! {
    /// One metadata tag.
    #[derive(Clone, Debug, Default)]
    pub struct ExifField {
        /// Name of the tag, as ExifTool spells it.
        key: Option<String>,
        /// Value as text.
        value: Option<String>,
    }
}
