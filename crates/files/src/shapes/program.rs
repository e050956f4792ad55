//! What the scanners of programs and shortcuts report (explode-scanners.md §5.6, §5.9).

#![allow(non_snake_case)] // the reference spells one field `MAC`

use mailhound_value::object;

object! {
    /// A Windows shortcut.
    #[derive(Clone, Debug, Default)]
    pub struct Lnk {
        /// Network card address in the droid, 12 hex digits.
        MAC: Option<String>,
        /// Arguments.
        command_line_arguments: Option<String>,
        /// Volume serial, lower-case hex.
        drive_serial_number: Option<String>,
        /// Kind of drive.
        drive_type: Option<String>,
        /// Target path.
        local_base_path: Option<String>,
        /// NetBIOS name of the machine it was made on.
        machine_id: Option<String>,
        /// Target relative to the shortcut.
        relative_path: Option<String>,
        /// Label of the volume.
        volume_label: Option<String>,
        /// Working folder.
        working_dir: Option<String>,
    }
}

object! {
    /// A Mach-O program.
    #[derive(Clone, Debug, Default)]
    pub struct Macho {
        /// Load commands.
        commands: Vec<String>,
        /// True when it is signed.
        has_code_signature: Option<bool>,
        /// Header.
        header: Option<MachoHeader>,
        /// Dynamic linker.
        load_dylinker_name: Option<String>,
        /// Stack is not executable.
        nx: Option<bool>,
        /// Position independent.
        pie: Option<bool>,
        /// Source version.
        source_version: Option<String>,
        /// Symbols.
        symbols: Option<MachoSymbols>,
        /// Number of binaries.
        total_binaries: Option<i64>,
        /// Number of commands.
        total_commands: Option<i64>,
        /// Number of libraries.
        total_libraries: Option<i64>,
        /// Number of relocations.
        total_relocations: Option<i64>,
        /// Number of sections.
        total_sections: Option<i64>,
        /// Number of segments.
        total_segments: Option<i64>,
        /// Number of symbols.
        total_symbols: Option<i64>,
    }
}

object! {
    /// Header of a Mach-O program.
    #[derive(Clone, Debug, Default)]
    pub struct MachoHeader {
        /// Processor.
        cpu: Option<MachoCpu>,
        /// Kind of file: EXECUTE, DYLIB, ….
        file: Option<String>,
        /// Header flags.
        flags: Vec<String>,
    }
}

object! {
    /// Processor of a Mach-O program.
    #[derive(Clone, Debug, Default)]
    pub struct MachoCpu {
        /// Type.
        primary: Option<String>,
        /// Subtype.
        sub: Option<String>,
    }
}

object! {
    /// Symbols of a Mach-O program.
    #[derive(Clone, Debug, Default)]
    pub struct MachoSymbols {
        /// Imported symbols.
        imported: Vec<String>,
        /// Libraries they come from.
        libraries: Vec<String>,
    }
}
